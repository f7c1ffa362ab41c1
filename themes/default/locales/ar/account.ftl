nav-label = الحساب
nav-home = الرئيسية
nav-security = الأمان
nav-sessions = الجلسات
nav-applications = التطبيقات

account-title = حسابك
account-lead = تسجيل دخول واحد لكل ما تستخدمه مع { $product }.
email-verified = مؤكَّد
email-unverified = غير مؤكَّد
confirm-email = أنت على وشك تغيير عنوانك.
confirm-data = أنت على وشك تنزيل بياناتك.
confirm-deletion = أنت على وشك حذف حسابك.
my-apps = تطبيقاتك
no-apps = لا توجد تطبيقات بعد
no-apps-detail = ستظهر هنا التطبيقات التي يمكنك فتحها.
changed = آخر تغيير:
never-changed = لم تتغيّر منذ إنشاء الحساب
no-password = لا توجد – تسجّل الدخول عبر مؤسستك
home-second-steps = مفاتيح المرور والخطوات الثانية
home-second-steps-count =
    { $count ->
        [0] لا يوجد شيء بعد: كلمة المرور وحدها تحمي حسابك
        [zero] لا يوجد شيء بعد: كلمة المرور وحدها تحمي حسابك
        [one] تم إعداد واحد
        [two] تم إعداد اثنين
        [few] تم إعداد { $count }
        [many] تم إعداد { $count }
       *[other] تم إعداد { $count }
    }
sessions-count =
    { $count ->
        [zero] غير مسجّل على أي جهاز
        [one] مسجّل على جهاز واحد
        [two] مسجّل على جهازين
        [few] مسجّل على { $count } أجهزة
        [many] مسجّل على { $count } جهازًا
       *[other] مسجّل على { $count } جهاز
    }
sessions-check = جهاز لا تعرفه؟ سجّل خروجه وغيّر كلمة مرورك.
see-sessions = عرض الكل

security-lead = كيف تسجّل الدخول، وأين أنت مسجّل.

sessions-lead = كل مكان سُجّل فيه الدخول إلى حسابك.
device-name = { $browser } على { $system }
device-unknown = جهاز غير معروف
this-device = هذا الجهاز
last-seen = آخر ظهور:
signed-in-at = تسجيل الدخول:
end-other-sessions = تسجيل الخروج من كل مكان آخر
sessions-note = قد تحتاج التطبيقات إلى 5 دقائق حتى تلاحظ تسجيل الخروج من جهاز.

applications-lead = التطبيقات التي سمحت لها باستخدام حسابك.
allowed-since = مسموح به:
last-used = آخر استخدام:
never-used = لم يُستخدم بعد
remove-access = إزالة الوصول
applications-note = التطبيق الذي تزيل وصوله يستعيده عندما تسجّل الدخول إليه مرة أخرى، وإن كان يحتاج إلى موافقتك فسيسألك أولًا. أما ما خزّنه من قبل فيبقى لديه.
no-connected-apps = لا توجد تطبيقات متصلة
no-connected-apps-detail = عندما تسمح لتطبيق باستخدام حسابك سيظهر هنا.

# بريد التطوير
dev-mail = البريد الملتقَط أثناء التطوير
dev-mail-lead = لا شيء يغادر هذا الجهاز. الأحدث أولًا؛ أعد التحميل لرؤية المزيد.
dev-mail-empty = لا يوجد بريد بعد
dev-mail-empty-detail = أنشئ حسابًا أو أعد تعيين كلمة مرور، ثم عد إلى هنا.
mail-to = إلى
mail-text = النص
mail-open = فتح على حدة

nav-profile = الملف الشخصي
nav-activity = النشاط
nav-data = بياناتك
nav-notifications = الإشعارات

alert-saved = يسري ما غيّرته من الآن.
    .title = تم الحفظ.
alert-email-changed = أُبلغ العنوان القديم ويمكنه التراجع خلال 7 أيام.
    .title = تم تغيير عنوانك.
alert-email-undone = سُجّل خروج الجميع. اختر الآن كلمة مرور جديدة: ربما يعرف شخص آخر القديمة.
    .title = تم التراجع عن تغيير العنوان.
alert-changed-elsewhere = غيّر أحدهم الشيء نفسه، وربما أنت في علامة تبويب أخرى. راجعه مرة أخرى.
    .title = لم يُحفظ.
alert-confirm-first = ضع علامة في المربع للمتابعة.
    .title = ينقص شيء واحد.
alert-last-administrator = أنت المسؤول الوحيد عن إحدى المؤسسات. عيّن شخصًا آخر أولًا.
    .title = لا يمكن حذف حسابك بعد.
alert-managed-by-file = يتولى المسؤول هذه البيانات. اطلب منه تغييرها.
    .title = لا يمكن تغيير هذا هنا.

profile-lead = ما قد تعرفه التطبيقات عنك عندما تسمح بذلك.
profile-managed = يتولى المسؤول بياناتك. تواصل معه إذا كان هناك خطأ.
given-name = الاسم الأول
family-name = اسم العائلة
profile-language = لغة الصفحات والرسائل
language-browser = كما يطلب المتصفح
time-zone = المنطقة الزمنية
time-zone-hint = للتطبيقات التي تطلبها. اكتب مدينتك واختر من القائمة؛ أما صفحاتنا ورسائلنا فتذكر UTC.
save = حفظ
change-email = تغيير العنوان
change-email-lead = سنرسل رمزًا إلى العنوان الجديد، ويسري بعد أن تؤكده.
current-email = عنوانك الآن:
new-email = العنوان الجديد
new-email-hint = يُبلَّغ العنوان القديم بالتغيير.
new-email-sent = أرسلنا رمزًا ورابطًا إلى { $address }. اكتب الرمز هنا أو افتح الرابط.
link-new-email = استخدام هذا العنوان
link-new-email-lead = سيصبح { $address } العنوان الذي تسجّل الدخول به.
link-new-email-button = استخدام هذا العنوان
link-undo-email = الاحتفاظ بعنواني القديم
link-undo-email-lead = تغيّر عنوان حسابك. اضغط الزر للعودة إلى { $address }، وعندها يُسجَّل خروج الجميع.
link-undo-email-button = التراجع عن التغيير
link-cancel-deletion = الاحتفاظ بحسابي
link-cancel-deletion-lead = من المقرّر حذف الحساب { $address }. اضغط الزر للاحتفاظ به.
link-cancel-deletion-button = الاحتفاظ بحسابي

activity-lead = ما حدث في حسابك خلال آخر 90 يومًا.
activity-all = الكل
activity-kind-sign-ins = عمليات تسجيل الدخول
activity-kind-refused = ما رُفض
activity-kind-changes = التغييرات
filter = تصفية
activity-days =
    { $days ->
        [one] آخر يوم
       *[other] آخر { $days } يومًا
    }
activity-empty = لا شيء هنا
activity-empty-detail = لم يحدث شيء من هذا النوع في هذه الفترة.
activity-older = إدخالات أقدم
activity-download = تنزيل بصيغة CSV
activity-not-me = لم أكن أنا
entry-report-title = هل كان هذا شخصًا آخر؟
entry-report-lead = إن لم تكن أنت، فسنساعدك على تأمين حسابك خطوة بخطوة، وستختار في أثناء ذلك كلمة مرور جديدة.
activity-note = لا تظهر هنا التطبيقات التي تجدد وصولها في الخلفية.
activity-signed-in = تم تسجيل الدخول
activity-sign-in-refused = رُفض تسجيل الدخول
activity-signed-out = تم تسجيل الخروج
activity-session-ended = تم تسجيل خروج جهاز
activity-sessions-ended = تم تسجيل خروج جميع الأجهزة
activity-reported = قلت: «لم أكن أنا»
activity-registered = تم إنشاء الحساب
activity-changed-by-operator = غيّر المسؤول حسابك
activity-email-verified = تم تأكيد العنوان
activity-created = تم إنشاء حسابك
activity-mail-recovery = طُلبت رسالة لإعادة تعيين كلمة المرور
activity-mail-verify = طُلبت رسالة لتأكيد عنوانك
activity-mail-known = سجّل أحدهم حسابًا بعنوانك، وأُبلغت بذلك برسالة
activity-mail-change = طُلبت رسالة لتأكيد عنوان جديد
activity-mail-factors = طُلبت رسالة لإزالة كل الخطوات الثانية
activity-mail-keep = طُلبت رسالة للاحتفاظ بحسابك
activity-mail-requested = طُلبت رسالة
activity-code-refused = رُفض رمز أو رابط مُرسل
activity-password-changed = تم تغيير كلمة المرور
activity-password-refused = رُفض تغيير كلمة المرور
activity-profile-changed = تم تغيير الملف الشخصي
activity-email-changed = تم تغيير العنوان
activity-email-undone = تم التراجع عن تغيير العنوان
activity-notifications-changed = تم تغيير الإشعارات
activity-secured = أمّنت حسابك
activity-exported = تم تنزيل بياناتك
activity-deletion-requested = طُلب حذف الحساب
activity-deletion-cancelled = أُلغي حذف الحساب
activity-factor-added = أُضيفت طريقة تحقق
activity-factor-changed = غُيّرت طريقة تحقق أو أُزيلت
activity-passkey-added = أُضيف مفتاح مرور
activity-passkey-removed = أُزيل مفتاح مرور
activity-passkey-suspected = أُوقف مفتاح مرور: ربما توجد نسخة منه
activity-app-added = أُضيف تطبيق المصادقة
activity-app-removed = أُزيل تطبيق المصادقة
activity-sms-added = شُغّلت الرموز برسالة نصية
activity-sms-removed = أُوقفت الرموز برسالة نصية
activity-mail-codes-added = شُغّلت الرموز بالبريد الإلكتروني
activity-mail-codes-removed = أُوقفت الرموز بالبريد الإلكتروني
activity-codes-made = حُفظت رموز احتياطية جديدة
activity-code-used = استُخدم رمز احتياطي
activity-factor-renamed = تغيّر اسم مفتاح مرور أو تطبيق
activity-recovery-begun = بدأت إزالة جميع الخطوات الثانية
activity-recovery-cancelled = أُوقفت إزالة جميع الخطوات الثانية
activity-factors-held = عُلِّقت الخطوات الثانية
activity-recovered = أُزيلت جميع الخطوات الثانية بعد الانتظار
activity-factor-used = تم إثبات الخطوة الثانية
activity-factor-refused = رُفضت الخطوة الثانية
activity-code-sent = أُرسل إليك رمز
activity-device-new = تسجيل دخول من جهاز جديد
activity-device-changed = تم تغيير جهاز
activity-consent-granted = سمحت لـ { $app }
activity-consent-withdrawn = لم يعد لـ { $app } وصول
activity-admin-link = أنشأ المسؤول رابط دخول لمرة واحدة
activity-membership-changed = تغيّر دورك في إحدى المؤسسات
activity-other = شيء آخر

data-lead = كل ما لدينا عنك ملك لك.
data-download = تنزيل بياناتك
data-download-text = ملف واحد (JSON) فيه ملفك الشخصي وطرق الدخول والجلسات والأجهزة والتطبيقات والنشاط. لا يتضمن كلمات مرور أو مفاتيح.
data-download-button = تنزيل
data-delete = حذف حسابك
data-delete-text =
    { $days ->
        [one] يُسجَّل خروجك فورًا. يمكنك تغيير رأيك خلال يوم واحد.
       *[other] يُسجَّل خروجك فورًا. يمكنك تغيير رأيك خلال { $days } يومًا.
    }
data-delete-managed = يتولى المسؤول هذا الحساب. اطلب منه حذفه.
data-delete-button = حذف الحساب
delete-lead = اقرأ هذا أولًا. بعضه لا يمكن التراجع عنه.
delete-who = أنت على وشك حذف { $address }.
delete-now = يُسجَّل خروجك الآن من كل مكان، ولا يمكن لأحد الدخول إلى هذا الحساب.
delete-until =
    { $days ->
        [one] خلال يوم واحد، حتى { $date }، يعيده الرابط الذي نرسله إليك.
       *[other] خلال { $days } يومًا، حتى { $date }، يعيده الرابط الذي نرسله إليك.
    }
delete-then = بعد ذلك يُمحى ملفك الشخصي وطرق الدخول والجلسات والأجهزة نهائيًا. ويحتفظ سجل الأمان برقم بدلًا من اسمك.
delete-apps = ما خزّنته التطبيقات عنك يبقى لديها. تواصل مع كل منها.
delete-confirm = أفهم أن حسابي سيزول
deletion-requested = سيُحذف حسابك
deletion-requested-lead = تم تسجيل خروجك من كل مكان. سيُمحى في { $date }.
deletion-again-lead = لقد طلبت ذلك. يمكنك الاحتفاظ به حتى { $date }، وبعدها يُمحى نهائيًا.
deletion-requested-note = غيّرت رأيك؟ أرسلنا إليك رسالة فيها رابط يُبقي الحساب.
deletion-cancelled = حسابك باقٍ
deletion-cancelled-lead = لم يُحذف شيء. سجّل الدخول كالمعتاد.

notifications-lead = الرسائل التي نرسلها إليك.
notifications-security = رسائل عن أمانك
notifications-security-text = تصلك دائمًا ولا يمكن إيقافها: بها تلاحظ وجود شخص آخر في حسابك.
notifications-security-signin = تسجيل الدخول من جهاز أو بلد جديد
notifications-security-changes = تغيير كلمة المرور والعنوان والخطوات الثانية
notifications-security-failures = محاولات فاشلة كثيرة، مرة في الساعة على الأكثر
notifications-optional = رسائل أخرى
notifications-app-connected = عندما يحصل تطبيق على وصول إلى حسابي لأول مرة
notifications-to = تُرسل الرسائل إلى { $address }.

mail-confirm-new-email-subject = { $product }: أكّد عنوانك الجديد
mail-confirm-new-email-title = أكّد عنوانك الجديد
mail-confirm-new-email-text = يريد شخص ما، نأمل أنه أنت، استخدام هذا العنوان لحسابه في { $product }. أكّد أنه لك:
mail-confirm-new-email-button = تأكيد العنوان
mail-email-changed-subject = { $product }: تم تغيير عنوانك
mail-email-changed-title = تم تغيير عنوانك
mail-email-changed-text = يستخدم حسابك في { $product } الآن { $address }. لم يعد بإمكانك تسجيل الدخول بالعنوان { $old }.
mail-email-changed-not-you = إذا لم تكن أنت، فتراجع عن التغيير. عندها يُسجَّل خروج الجميع:
mail-email-changed-button = التراجع عن التغيير
mail-email-changed-valid = يعمل الرابط مرة واحدة خلال 7 أيام.
mail-deletion-requested-subject = { $product }: سيُحذف حسابك
mail-deletion-requested-title = سيُحذف حسابك
mail-deletion-requested-text = طلبت حذف حسابك في { $product }. تم تسجيل خروجك من كل مكان، وفي { $date } سيُمحى نهائيًا.
mail-deletion-requested-cancel = إذا غيّرت رأيك أو لم تكن أنت، فاحتفظ به:
mail-deletion-requested-button = الاحتفاظ بحسابي
mail-app-connected-subject = { $product }: تم ربط { $app }
mail-app-connected-title = تم ربط { $app } بحسابك
mail-app-connected-text = يمكن لـ { $app } استخدام حسابك في { $product } من الآن.
mail-app-connected-not-you = إذا لم ترد ذلك، فاسحب وصوله:
mail-app-connected-button = عرض تطبيقاتك
mail-app-connected-off = يمكنك إيقاف هذه الرسالة من «الإشعارات».

locale-name = العربية

# التاريخ والوقت
date = { $day } { $month } { $year }
datetime = { $date }، { $time } { $zone }
month-1 = يناير
month-2 = فبراير
month-3 = مارس
month-4 = أبريل
month-5 = مايو
month-6 = يونيو
month-7 = يوليو
month-8 = أغسطس
month-9 = سبتمبر
month-10 = أكتوبر
month-11 = نوفمبر
month-12 = ديسمبر
ago-now = الآن
ago-minutes =
    { $count ->
        [zero] الآن
        [one] قبل دقيقة واحدة
        [two] قبل دقيقتين
        [few] قبل { $count } دقائق
        [many] قبل { $count } دقيقة
       *[other] قبل { $count } دقيقة
    }
ago-hours =
    { $count ->
        [zero] الآن
        [one] قبل ساعة واحدة
        [two] قبل ساعتين
        [few] قبل { $count } ساعات
        [many] قبل { $count } ساعة
       *[other] قبل { $count } ساعة
    }
ago-days =
    { $count ->
        [zero] اليوم
        [one] أمس
        [two] قبل يومين
        [few] قبل { $count } أيام
        [many] قبل { $count } يومًا
       *[other] قبل { $count } يوم
    }

# الإطار
title-error = خطأ:
skip-to-content = الانتقال إلى المحتوى
help = المساعدة
privacy = الخصوصية
terms = الشروط
privacy-policy = سياسة الخصوصية
terms-of-service = شروط الخدمة
language = اللغة:
colors = المظهر
colors-auto = تلقائي
colors-light = فاتح
colors-dark = داكن
need-help = هل تحتاج إلى مساعدة؟
contact-support = تواصل مع الدعم

# الأزرار والكلمات القصيرة
continue = متابعة
cancel = إلغاء
remove = إزالة
manage = إدارة
or = أو
more = المزيد
copy = نسخ
copied = تم النسخ
one-moment = لحظة من فضلك…
checking = جارٍ التحقق…
saving = جارٍ الحفظ…
reference = الرقم المرجعي
time = الوقت
not-you = لست أنت؟

# التنبيهات
alert-wrong-credentials = تحقّق من بريدك الإلكتروني وكلمة المرور، أو جرّب طريقة أخرى.
    .title = لم نتمكن من تسجيل دخولك.
alert-wrong-password = تحقّق منها، أو أعد تعيينها إن نسيتها.
    .title = هذه ليست كلمة مرورك.
alert-throttled =
    { $minutes ->
        [zero] يمكنك المحاولة الآن، أو إعادة تعيين كلمة المرور.
        [one] انتظر دقيقة واحدة، أو أعد تعيين كلمة المرور الآن.
        [two] انتظر دقيقتين، أو أعد تعيين كلمة المرور الآن.
        [few] انتظر { $minutes } دقائق، أو أعد تعيين كلمة المرور الآن.
        [many] انتظر { $minutes } دقيقة، أو أعد تعيين كلمة المرور الآن.
       *[other] انتظر { $minutes } دقيقة، أو أعد تعيين كلمة المرور الآن.
    }
    .title = محاولات كثيرة.
alert-check-fields = يُرجى مراجعة ما هو محدّد:
    .title = أوشكت على الانتهاء.
alert-wrong-mail-code = راجع أحدث رسالة منا، أو اطلب رسالة أخرى.
    .title = هذا الرمز غير مطابق.
alert-wrong-code = تتغيّر الرموز كل 30 ثانية – تأكّد من ضبط ساعة هاتفك.
    .title = هذا الرمز غير مطابق.
alert-link-used-up = اطلب رابطًا جديدًا – لن يستغرق ذلك سوى لحظة.
    .title = لم يعد هذا الرابط صالحًا.
alert-flow-expired = سجّل الدخول للمتابعة.
    .title = انتظرت الصفحة طويلًا، فبدأنا من جديد.
alert-session-ended = سجّل الدخول مجددًا للمتابعة.
    .title = تم تسجيل خروجك حفاظًا على أمان حسابك.
alert-policy-network = أنت متصل من { $ip }.
    .title = لا تسمح { $organization } بتسجيل الدخول إلا من شبكات معيّنة.
alert-other-account-needed = سجّل الدخول بالحساب الذي يطلبه التطبيق.
    .title = يلزم هنا حساب آخر.
alert-sign-in-again = ثم نعيدك إلى حيث كنت.
    .title = يُرجى تأكيد هويتك.
alert-confirm-new-address = استخدم هنا عنوانك الحالي لا الجديد، ثم أدخل الرمز الذي في الرسالة.
    .title = سجّل الدخول لتأكيد عنوانك الجديد.
alert-confirm-email = أرسلنا إليك رسالة فيها رابط ورمز.
    .title = أكّد عنوانك أولًا.
alert-mail-sent = قد يستغرق وصولها بضع دقائق.
    .title = أرسلنا رسالة أخرى.
alert-password-reset = سجّل الدخول بكلمة المرور الجديدة.
    .title = تم تعيين كلمة المرور.
alert-password-changed = أرسلنا إليك رسالة بذلك.
    .title = تم تغيير كلمة المرور.
alert-password-changed-everywhere = تم تسجيل الخروج من جميع الأجهزة الأخرى.
    .title = تم تغيير كلمة المرور.
alert-email-verified = تابع من حيث بدأت، أو سجّل الدخول هنا.
    .title = تم تأكيد عنوانك.
alert-email-verified-elsewhere = سجّل الدخول بكلمة المرور التي اخترتها عند تأكيده.
    .title = تم تأكيد عنوانك.
alert-session-ended-by-you = قد تحتاج التطبيقات هناك إلى 5 دقائق حتى تلاحظ ذلك.
    .title = تم تسجيل الخروج من ذلك الجهاز.
alert-other-sessions-ended =
    { $count ->
        [zero] لم تكن هناك أجهزة أخرى.
        [one] تم تسجيل الخروج من جهاز واحد.
        [two] تم تسجيل الخروج من جهازين.
        [few] تم تسجيل الخروج من { $count } أجهزة.
        [many] تم تسجيل الخروج من { $count } جهازًا.
       *[other] تم تسجيل الخروج من { $count } جهاز.
    }
    .title = لم يبقَ مسجّلًا سوى هذا الجهاز.
alert-access-removed = إذا سجّلت الدخول إليه مرة أخرى فسيحصل على الوصول من جديد.
    .title = لم يعد بإمكان { $app } استخدام حسابك.

# الحقول
error-enter-identifier = أدخل عنوان بريدك الإلكتروني
error-enter-email = أدخل عنوان بريدك الإلكتروني
error-email-format = أدخل عنوانًا مثل name@example.com
error-enter-name = أدخل اسمك
error-enter-password = أدخل كلمة المرور
error-enter-new-password = أدخل كلمة مرور جديدة
error-choose-password = اختر كلمة مرور
error-enter-code = أدخل الرمز الوارد في الرسالة
error-wrong-code = هذا الرمز غير مطابق
error-wrong-current-password = هذه ليست كلمة مرورك الحالية
error-time-zone = اختر منطقة زمنية من القائمة، مثل Europe/Berlin
error-too-short =
    { $min ->
        [zero] أدخل كلمة مرور
        [one] استخدم حرفًا واحدًا على الأقل
        [two] استخدم حرفين على الأقل
        [few] استخدم { $min } أحرف على الأقل
        [many] استخدم { $min } حرفًا على الأقل
       *[other] استخدم { $min } حرف على الأقل
    }
error-too-long =
    { $max ->
        [zero] كلمة المرور طويلة جدًا
        [one] استخدم حرفًا واحدًا على الأكثر
        [two] استخدم حرفين على الأكثر
        [few] استخدم { $max } أحرف على الأكثر
        [many] استخدم { $max } حرفًا على الأكثر
       *[other] استخدم { $max } حرف على الأكثر
    }
error-common-password = يستخدم كثيرون كلمة المرور هذه ويسهل تخمينها. اختر غيرها
error-breached-password = ظهرت كلمة المرور هذه في تسريب بيانات. اختر كلمة لا تستخدمها في أي مكان آخر
error-personal-password = لا تجعل كلمة المرور من اسمك أو عنوانك أو اسمنا
error-weak-password = يسهل تخمين كلمة المرور هذه. أضف كلمتين أخريين
error-reused-password = سبق أن استخدمت كلمة المرور هذه. اختر كلمة جديدة
error-same-password = هذه كلمة مرورك الحالية. اختر كلمة جديدة

# كلمات المرور
show-password = إظهار كلمة المرور
hide-password = إخفاء كلمة المرور
caps-lock-on = مفتاح الأحرف الكبيرة مفعّل
rule-length =
    { $min ->
        [zero] أي طول – المسافات وكل الأبجديات مقبولة
        [one] حرف واحد على الأقل – المسافات وكل الأبجديات مقبولة
        [two] حرفان على الأقل – المسافات وكل الأبجديات مقبولة
        [few] { $min } أحرف على الأقل – المسافات وكل الأبجديات مقبولة
        [many] { $min } حرفًا على الأقل – المسافات وكل الأبجديات مقبولة
       *[other] { $min } حرف على الأقل – المسافات وكل الأبجديات مقبولة
    }
rule-uncommon = ليست كلمة مرور شائعة ولا من تسريب بيانات
rule-advice = الأفضل: كلمة ينشئها مدير كلمات المرور، أو بضع كلمات لا رابط بينها
meter-label = القوة:
meter-very-weak = ضعيفة جدًا
meter-weak = ضعيفة
meter-fair = متوسطة
meter-good = جيدة
meter-strong = قوية
suggest-add-words = أضف كلمتين أخريين.
suggest-avoid-repeats = تجنّب تكرار الكلمات والأحرف.
suggest-avoid-sequences = تجنّب التسلسلات مثل abc أو 6543.
suggest-avoid-dates = تجنّب التواريخ والسنوات.
suggest-avoid-names = تجنّب الأسماء.
suggest-avoid-keyboard = تجنّب صفوف المفاتيح المتجاورة.
suggest-avoid-swaps = استبدال الأحرف مثل @ بدل a لا يفيد كثيرًا.

factor-webauthn = مفتاح مرور
factor-totp = تطبيق مصادقة
factor-sms = رسالة نصية
factor-email = رمز بالبريد
factor-named = { $factor }: { $name }

sms-second-factor-code = رمز الدخول إلى { $product }: { $code }
sms-number-code = رمز تأكيد الرقم في { $product }: { $code }

mail-security-button = فتح صفحة الأمان
mail-report-not-you = إن لم تكن أنت من فعل ذلك فأخبرنا: نسجّل خروج كل الأجهزة ونوقف كلمة المرور. ثم تختار كلمة جديدة.

mail-second-factor-code-subject = { $product }: { $code } هو رمز دخولك
mail-second-factor-code-title = رمز دخولك
mail-second-factor-code-text = اكتب هذا الرمز في صفحة { $product } التي تطلبه:
mail-second-factor-code-valid =
    { $minutes ->
        [zero] يعمل مرة واحدة وفي تلك الصفحة فقط.
        [one] يعمل مرة واحدة لمدة دقيقة وفي تلك الصفحة فقط.
        [two] يعمل مرة واحدة لمدة دقيقتين وفي تلك الصفحة فقط.
        [few] يعمل مرة واحدة لمدة { $minutes } دقائق وفي تلك الصفحة فقط.
        [many] يعمل مرة واحدة لمدة { $minutes } دقيقة وفي تلك الصفحة فقط.
       *[other] يعمل مرة واحدة لمدة { $minutes } دقيقة وفي تلك الصفحة فقط.
    }
mail-second-factor-code-not-you = إن لم تكن تسجّل الدخول الآن فهناك من يعرف كلمة مرورك: غيّرها. ولا تعطِ هذا الرمز لأحد.

mail-factor-added-subject = { $product }: أُضيفت طريقة لتسجيل الدخول
mail-factor-added-title = أُضيفت طريقة لتسجيل الدخول
mail-factor-added-text = يمكنك الآن أيضًا تأكيد هويتك في { $product } بواسطة:
mail-factor-added-not-you = إن لم تكن أنت من فعل ذلك فأخبرنا: نزيلها ونسجّل خروج كل الأجهزة ونوقف كلمة المرور.

mail-factor-removed-subject = { $product }: أُزيلت طريقة لتسجيل الدخول
mail-factor-removed-title = أُزيلت طريقة لتسجيل الدخول
mail-factor-removed-text = لم يعد بإمكانك تأكيد هويتك في { $product } بواسطة:

mail-backup-codes-made-subject = { $product }: لديك رموز احتياطية جديدة
mail-backup-codes-made-title = لديك رموز احتياطية جديدة
mail-backup-codes-made-text = أُنشئت رموز احتياطية جديدة لحسابك في { $product }. ولم تعد أي رموز أقدم منها تعمل.

mail-wrong-second-factor-subject = { $product }: رمز خاطئ في خطوتك الثانية
mail-wrong-second-factor-title = رمز خاطئ في خطوتك الثانية
mail-wrong-second-factor-text = كتب شخص كلمة المرور الصحيحة لحسابك في { $product } ثم رمزًا خاطئًا في الخطوة الثانية.
mail-wrong-second-factor-not-you = إن كنت قد أخطأت في الكتابة فلا بأس. وإن لم تكن أنت فهناك من يعرف كلمة مرورك: اختر كلمة جديدة الآن.

security-good = حسابك محمي جيدًا
security-improve =
    { $count ->
        [zero] لا شيء لتحسينه
        [one] أمر واحد يمكن تحسينه
        [two] أمران يمكن تحسينهما
        [few] { $count } أمور يمكن تحسينها
        [many] { $count } أمرًا يمكن تحسينه
       *[other] { $count } أمر يمكن تحسينه
    }
improve-removal = ستُزال خطواتك الثانية قريبًا: إن لم تكن أنت من طلب ذلك فأمّن حسابك
improve-email = أكّد عنوانك
improve-second_step = أضف خطوة ثانية أو مفتاح مرور
improve-suspect_passkey = أزل مفتاح مرور ربما نُسخ
improve-stronger = أضف مفتاح مرور أو تطبيق مصادقة: فالرسائل يمكن اعتراضها
improve-another = أضف طريقة أخرى للدخول تحسّبًا لفقدان الطريقة الوحيدة
improve-codes = احفظ رموزًا احتياطية ليوم تفقد فيه هاتفك
improve-few_codes = أنشئ رموزًا احتياطية جديدة قبل أن تنفد
passkeys-no = لا توجد مفاتيح مرور بعد
second-steps = الخطوات الثانية
factor-since = أُضيف:
factor-last-used = آخر استخدام:
factor-never-used = لم يُستخدم قط
factor-name = الاسم
factor-rename = إعادة تسمية
factor-remove = إزالة
factor-remove-lead = إذا أزلته فلن يثبت هويتك بعد ذلك، وتنتهي جلساتك الأخرى ولا يبقى أي جهاز موثوقًا.
set-up = إعداد
turn-on = تشغيل
weaker = أضعف
app-add = إضافة تطبيق
app-why = رمز من تطبيق على هاتفك، حتى دون شبكة
email-why = رمز إلى عنوانك؛ آمن بقدر صندوق بريدك
sms-why = رمز إلى هاتفك؛ والرسائل يمكن اعتراضها
backup-codes = الرموز الاحتياطية
codes-few = بقي القليل
codes-left =
    { $count ->
        [0] لم يبقَ شيء من 10
        [zero] لم يبقَ شيء من 10
        [one] بقي رمز واحد من 10
        [two] بقي رمزان من 10
        [few] بقيت { $count } من 10
        [many] بقي { $count } من 10
       *[other] بقي { $count } من 10
    }
codes-made = أُنشئت في
codes-none = لا توجد. بها تدخل يوم تفقد هاتفك.
codes-unsaved = تنتظر أن تحفظها ولا تعمل قبل ذلك.
codes-new = إنشاء رموز جديدة
codes-save = حفظها
security-more = كلمة المرور والأجهزة
trusted-devices = الأجهزة الموثوقة
trusted-devices-count =
    { $count ->
        [0] تُطلب الخطوة الثانية على كل جهاز
        [zero] تُطلب الخطوة الثانية على كل جهاز
        [one] جهاز واحد لا تُطلب عليه الخطوة الثانية
        [two] جهازان لا تُطلب عليهما الخطوة الثانية
        [few] { $count } أجهزة لا تُطلب عليها الخطوة الثانية
        [many] { $count } جهازًا لا تُطلب عليه الخطوة الثانية
       *[other] { $count } جهاز لا تُطلب عليه الخطوة الثانية
    }
trusted-devices-none = ليست لديك خطوة ثانية يمكن الاستغناء عنها على جهاز موثوق
security-secure-detail = هل يبدو شيء مريبًا؟ سنراجعه معك خطوة بخطوة.
security-secure-start = ابدأ

phone-title = رموز برسالة نصية
phone-lead = نرسل رمزًا إلى هاتفك كلما لزمت خطوة ثانية.
phone-number = رقم الهاتف
phone-hint = مع رمز البلد، مثل ‎+49 151 23456789.
phone-send = إرسال الرمز
phone-sent = أرسلنا رمزًا إلى { $receiver }. يعمل لمدة 10 دقائق.
phone-confirm = تأكيد الرقم
phone-other = استخدام رقم آخر
phone-current = رقمك هو
phone-replaced = سيحلّ الجديد محله.
phone-change = تغيير الرقم
phone-risk = يمكن اعتراض الرسائل النصية والاستيلاء على الأرقام. مفتاح المرور أو تطبيق المصادقة أكثر أمانًا.
sending = جارٍ الإرسال…
error-enter-phone = أدخل رقم هاتفك
error-phone-format = أدخل رقم هاتف محمول مع رمز البلد، مثل ‎+49 151 23456789. بعض الأرقام لا يمكن استخدامها

alert-factor-added = من الآن يثبت هويتك أيضًا.
    .title = تم إعداد الخطوة الثانية.
alert-factor-removed = انتهت جلساتك الأخرى ولم يعد أي جهاز موثوقًا.
    .title = أُزيلت الخطوة الثانية.
alert-factor-renamed = الاسم الجديد في قائمتك.
    .title = تمت إعادة التسمية.
alert-factor-name = اختر اسمًا لا يحمله غيره في هذه القائمة.
    .title = لم يتغيّر الاسم.
alert-last-factor = حسابك يحتاج إلى واحدة. أضف غيرها أولًا.
    .title = يجب أن تبقى هذه الخطوة الثانية.
alert-backup-codes-saved = تعمل من الآن، ولم تعد أي رموز أقدم منها تعمل.
    .title = حُفظت الرموز الاحتياطية.
alert-code-sent = السابق لم يعد يعمل.
    .title = رمز آخر في الطريق.
dev-sms = رسالة نصية

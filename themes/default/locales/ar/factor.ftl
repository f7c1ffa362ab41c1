# Second step of a sign-in
mfa-title = تأكيد أنك صاحب الحساب
mfa-to-change = أنت على وشك تغيير طريقة تسجيل دخولك.
mfa-code = رمز من 6 أرقام
mfa-verify = تحقّق
mfa-totp-hint = افتح تطبيق المصادقة عند الإدخال «{ $app }» واكتب الرمز.
mfa-totp-hint-any = افتح تطبيق المصادقة واكتب الرمز.
mfa-email-hint = أرسلنا رمزًا إلى { $receiver }. يعمل لمدة 10 دقائق.
mfa-sms-hint = أرسلنا رمزًا إلى { $receiver }. يعمل لمدة 10 دقائق.
mfa-email-lead = نرسل رمزًا إلى بريدك كلما لزمت خطوة ثانية.
mfa-email-offer = سنرسل رمزًا إلى { $receiver }.
mfa-sms-offer = سنرسل رمزًا برسالة نصية إلى { $receiver }.
mfa-send = إرسال الرمز
mfa-webauthn-hint = استخدم قفل شاشة جهازك، أو المس مفتاح الأمان.
mfa-webauthn-script = تحتاج مفاتيح المرور إلى جافاسكربت. فعّلها، أو اختر طريقة أخرى أدناه.
mfa-webauthn-button = استخدام مفتاح المرور
mfa-backup-code = رمز احتياطي
mfa-backup-code-hint = أحد الرموز التي حفظتها، مثل ⁨k3mz‑9x2p‑7wqa‑t5rh⁩. يعمل كل منها مرة واحدة.
mfa-trust =
    { $days ->
        [one] لا تسأل مجددًا على هذا الجهاز لمدة يوم واحد
        [two] لا تسأل مجددًا على هذا الجهاز لمدة يومين
        [few] لا تسأل مجددًا على هذا الجهاز لمدة { $days } أيام
       *[other] لا تسأل مجددًا على هذا الجهاز لمدة { $days } يومًا
    }
mfa-other-ways = طرق أخرى
mfa-another-way = اختيار طريقة أخرى
mfa-choose-title = كيف تريد تأكيد هويتك؟
mfa-recommended = موصى بها
mfa-back = رجوع
mfa-way-webauthn = مفتاح مرور أو مفتاح أمان
mfa-way-totp = تطبيق المصادقة
mfa-way-email = رمز بالبريد الإلكتروني
mfa-way-sms = رمز برسالة نصية
mfa-way-backup_code = رمز احتياطي
mfa-why-webauthn = الأسرع، ولا يمكن تصيّده
mfa-why-totp = رمز من تطبيق، حتى دون شبكة
mfa-why-email = آمن بقدر أمان بريدك
mfa-why-sms = أضعف: يمكن اعتراض الرسائل
mfa-why-backup_code = أحد الرموز التي حفظتها
mfa-codes-left =
    { $count ->
        [zero] لم يبق أي من 10
        [one] بقي واحد من 10
        [two] بقي اثنان من 10
       *[other] بقي { $count } من 10
    }

# Everything lost
mfa-lost-link = لا أستطيع استخدام أي منها
mfa-lost-link-only = لا أستطيع استخدام هذه الطريقة
mfa-lost-title = لا تستطيع تجاوز الخطوة الثانية؟
mfa-lost-lead = هناك دائمًا طريق للعودة، ويطول كلما قلّ ما لديك:
mfa-lost-codes = استخدام رمز احتياطي
mfa-lost-codes-detail = حصلت على 10 منها عندما أضفت الخطوة الثانية. ابحث في مدير كلمات المرور أو التنزيلات أو أوراقك.
mfa-lost-wait =
    { $hours ->
        [one] إزالة الخطوة الثانية بعد ساعة واحدة
        [two] إزالة الخطوة الثانية بعد ساعتين
        [few] إزالة الخطوة الثانية بعد { $hours } ساعات
       *[other] إزالة الخطوة الثانية بعد { $hours } ساعة
    }
mfa-lost-wait-detail = تؤكد ذلك بالبريد. ننتظر ونخبرك، حتى لا يفعل أحد ذلك دون علمك.
mfa-lost-admin = اسأل المسؤول
mfa-lost-admin-detail = يمكنه التحقق من هويتك وإزالة الخطوة الثانية.
mfa-lost-button = بدء الإزالة بالبريد
mfa-lost-sent = أرسلنا رسالة إلى { $address }. افتح الرابط فيها ليبدأ الانتظار.
mfa-lost-next =
    { $hours ->
        [one] بعد ذلك بساعة واحدة تُزال خطواتك الثانية وتسجّل الدخول بكلمة المرور.
        [two] بعد ذلك بساعتين تُزال خطواتك الثانية وتسجّل الدخول بكلمة المرور.
        [few] بعد ذلك بمقدار { $hours } ساعات تُزال خطواتك الثانية وتسجّل الدخول بكلمة المرور.
       *[other] بعد ذلك بمقدار { $hours } ساعة تُزال خطواتك الثانية وتسجّل الدخول بكلمة المرور.
    }
mfa-lost-waiting = ستُزال خطواتك الثانية في { $at }. بعد ذلك سجّل الدخول بكلمة المرور وأضف خطوة جديدة.
mfa-lost-cancel = وجدت هاتفك؟ تسجيل الدخول به يوقف ذلك.
mfa-on-hold-title = خطواتك الثانية معلَّقة.
mfa-on-hold = قال أحدهم عنها «لم أكن أنا». إن كانت لك فاستخدم إحداها الآن فتبقى كلها. وإلا فعُد بعد { $at }: ستكون قد أُزيلت وتكفيك كلمة المرور.
mfa-recovery-title = إزالة خطواتك الثانية
mfa-recovery-lead =
    { $hours ->
        [one] بعد ساعة واحدة ستُزال كل الخطوات الثانية للحساب { $address } وسيُسجَّل خروجك من كل مكان.
        [two] بعد ساعتين ستُزال كل الخطوات الثانية للحساب { $address } وسيُسجَّل خروجك من كل مكان.
        [few] بعد { $hours } ساعات ستُزال كل الخطوات الثانية للحساب { $address } وسيُسجَّل خروجك من كل مكان.
       *[other] بعد { $hours } ساعة ستُزال كل الخطوات الثانية للحساب { $address } وسيُسجَّل خروجك من كل مكان.
    }
mfa-recovery-button = بدء الانتظار
mfa-recovery-started-title = بدأ الانتظار
mfa-recovery-cancel-title = الاحتفاظ بخطواتك الثانية
mfa-recovery-cancel-lead = أنت على وشك إيقاف إزالة الخطوات الثانية للحساب { $address }.
mfa-recovery-cancel-button = الاحتفاظ بها
mfa-recovery-cancelled-title = لن يُزال شيء
mfa-recovery-cancelled = إن لم تكن أنت من طلب ذلك، فربما يعرف أحد كلمة مرورك. غيّرها الآن.

# Setting one up
mfa-enrol-title = إضافة خطوة ثانية
mfa-enrol-required = تطلب { $organization } من الجميع إضافة خطوة ثانية.
mfa-enrol-app = يطلب { $app } خطوة ثانية. تضيفها مرة واحدة.
mfa-enrol-until = يمكنك تخطي ذلك حتى { $date }.
mfa-enrol-nothing = لا يوجد ما يمكنك إعداده هنا. اطلب المساعدة من المسؤول.
mfa-skip = ليس الآن
mfa-totp-title = إعداد تطبيق المصادقة
mfa-totp-lead = يصلح أي تطبيق، ومعظم مديري كلمات المرور كذلك.
mfa-scan = امسح بالتطبيق
mfa-qr-alt = رمز QR فيه المفتاح للحساب { $account }. يمكن كتابة المفتاح نفسه، انظر «لا يمكنك المسح؟».
mfa-open-here = فتح على هذا الجهاز
mfa-no-scan = لا يمكنك المسح؟
mfa-key-lead = اكتب هذا المفتاح في التطبيق:
mfa-key-issuer = الاسم
mfa-key-account = الحساب
mfa-key-kind = نوع الرمز
mfa-key-kind-totp = زمني، 6 أرقام
mfa-name = سمِّه
mfa-name-hint = لتتعرف عليه لاحقًا.
mfa-type-code = اكتب الرمز
mfa-type-code-hint = الأرقام الستة التي يعرضها التطبيق الآن.
mfa-totp-button = إضافة التطبيق

# Backup codes
mfa-codes-title = احفظ رموزك الاحتياطية
mfa-codes-after = أصبحت خطوتك الثانية جاهزة. إن فقدتها يومًا، يدخلك أحد هذه الرموز.
mfa-codes-new = إن فقدت خطوتك الثانية يومًا، يدخلك أحد هذه الرموز.
mfa-codes-once = يعمل كل رمز مرة واحدة. لن نعرضها مجددًا.
mfa-codes-download = تنزيل
mfa-codes-print = طباعة
mfa-codes-saved = لقد حفظتها
mfa-done = تم
mfa-file-title = الرموز الاحتياطية لـ { $product }
mfa-file-account = الحساب: { $account }
mfa-file-made = تاريخ الإنشاء: { $date }
mfa-file-once = يعمل كل رمز مرة واحدة.
mfa-file-name = backup-codes

# Notices
alert-clock-skewed =
    { $minutes ->
        [one] ساعة هاتفك منحرفة بنحو دقيقة واحدة. اضبطها على الوقت التلقائي ثم اكتب الرمز الجديد.
        [two] ساعة هاتفك منحرفة بنحو دقيقتين. اضبطها على الوقت التلقائي ثم اكتب الرمز الجديد.
        [few] ساعة هاتفك منحرفة بنحو { $minutes } دقائق. اضبطها على الوقت التلقائي ثم اكتب الرمز الجديد.
       *[other] ساعة هاتفك منحرفة بنحو { $minutes } دقيقة. اضبطها على الوقت التلقائي ثم اكتب الرمز الجديد.
    }
    .title = كان هذا الرمز لوقت آخر.
alert-wrong-backup-code = تحقق من الكتابة، أو استخدم رمزًا آخر: يعمل كل منها مرة واحدة.
    .title = لم يعمل هذا الرمز الاحتياطي.
alert-wrong-sent-code = اكتب أحدث رمز، أو اطلب إرسال رمز آخر. يعمل الرمز 10 دقائق وفي هذه الصفحة فقط.
    .title = لم يعمل هذا الرمز.
alert-too-many-codes =
    { $minutes ->
        [one] انتظر دقيقة واحدة. وتنتظر الطرق الأخرى أيضًا.
        [two] انتظر دقيقتين. وتنتظر الطرق الأخرى أيضًا.
        [few] انتظر { $minutes } دقائق. وتنتظر الطرق الأخرى أيضًا.
       *[other] انتظر { $minutes } دقيقة. وتنتظر الطرق الأخرى أيضًا.
    }
    .title = رموز خاطئة كثيرة.
alert-too-many-sent =
    { $minutes ->
        [one] انتظر دقيقة واحدة لطلب رمز آخر. ما زال أحدث رمز صالحًا، ويمكنك استخدام طريقة أخرى.
        [two] انتظر دقيقتين لطلب رمز آخر. ما زال أحدث رمز صالحًا، ويمكنك استخدام طريقة أخرى.
        [few] انتظر { $minutes } دقائق لطلب رمز آخر. ما زال أحدث رمز صالحًا، ويمكنك استخدام طريقة أخرى.
       *[other] انتظر { $minutes } دقيقة لطلب رمز آخر. ما زال أحدث رمز صالحًا، ويمكنك استخدام طريقة أخرى.
    }
    .title = أُرسلت رموز كثيرة.
alert-way-not-available = اختر طريقة أخرى.
    .title = لا يمكن استخدام هذه الطريقة الآن.
alert-too-many-factors = أزل تطبيقًا لم تعد تستخدمه.
    .title = لديك أكبر عدد من التطبيقات يسمح به الحساب.
error-enter-app-code = أدخل الأرقام الستة
error-enter-backup-code = أدخل أحد رموزك الاحتياطية
error-tick-saved = احفظ الرموز أولًا، ثم ضع علامة في المربع

# Mails
mail-backup-code-used-subject = { $product }: استُخدم رمز احتياطي
mail-backup-code-used-title = استُخدم رمز احتياطي
mail-backup-code-used-text = سجّل شخص الدخول إلى حسابك في { $product } بأحد رموزك الاحتياطية.
mail-backup-code-used-left =
    { $count ->
        [zero] لم يبق أي رمز.
        [one] بقي رمز واحد.
        [two] بقي رمزان.
        [few] بقيت { $count } رموز.
       *[other] بقي { $count } رمزًا.
    }
mail-backup-code-used-few = أنشئ رموزًا جديدة قبل أن تنفد.
mail-backup-code-used-button = فتح إعدادات الأمان
mail-factor-recovery-subject = { $product }: هل تُزال خطواتك الثانية؟
mail-factor-recovery-title = هل تُزال خطواتك الثانية؟
mail-factor-recovery-text = شخص يعرف كلمة مرور حسابك في { $product } لا يستطيع تجاوز الخطوة الثانية ويطلب إزالتها. إن كنت أنت، فافتح هذا الرابط:
mail-factor-recovery-button = متابعة
mail-factor-recovery-not-you = إن لم تكن أنت، فلا تفتح الرابط وغيّر كلمة مرورك: هناك من يعرفها.
mail-factor-recovery-waiting-subject = { $product }: ستُزال خطواتك الثانية
mail-factor-recovery-waiting-title = ستُزال خطواتك الثانية
mail-factor-recovery-waiting-text = ستُزال كل الخطوات الثانية لحسابك في { $product } في { $at }. سيُسجَّل خروجك من كل مكان ثم تدخل بكلمة المرور.
mail-factor-recovery-waiting-not-you = إن لم تطلب ذلك، أو وجدت هاتفك، فأوقفه:
mail-factor-recovery-waiting-button = الاحتفاظ بخطواتي الثانية
mail-factor-recovery-cancelled-subject = { $product }: تبقى خطواتك الثانية
mail-factor-recovery-cancelled-title = تبقى خطواتك الثانية
mail-factor-recovery-cancelled-text = أُوقفت إزالة الخطوات الثانية لحسابك في { $product }. إن لم تكن أنت من طلبها أو أوقفها، فغيّر كلمة مرورك.
mail-factors-on-hold-subject = { $product }: خطواتك الثانية معلَّقة
mail-factors-on-hold-title = خطواتك الثانية معلَّقة
mail-factors-on-hold-text = أجاب أحدهم عن إحدى رسائلنا بـ«لم أكن أنا» من دون إثبات غير هذا البريد، بشأن حسابك في { $product }. سُجِّل خروج كل الأجهزة، ولم تعد الخطوات الثانية المُعدّة تفتح شيئًا وحدها.
mail-factors-on-hold-keep = إن كانت لك فاختر كلمة مرور جديدة وسجّل الدخول واستخدم إحداها: عندئذ تبقى.
mail-factors-on-hold-wait = وإن لم تكن لك فاختر كلمة مرور جديدة وسجّل الدخول بها بعد { $at }: ستكون قد أُزيلت حينها.
mail-factors-removed-subject = { $product }: أُزيلت خطواتك الثانية
mail-factors-removed-title = أُزيلت خطواتك الثانية
mail-factors-removed-text = انتهت مدة الانتظار: أُزيلت كل الخطوات الثانية لحسابك في { $product } وسُجّل خروجك من كل مكان. سجّل الدخول بكلمة المرور وأضف خطوة جديدة.

mail-hello = مرحبًا { $name }،
mail-hello-plain = مرحبًا،
mail-why = أُرسلت هذه الرسالة إلى { $address } بسبب إجراء تم في { $product }. لا يمكن إيقافها.
mail-why-optional = أُرسلت هذه الرسالة إلى { $address } بسبب إجراء تم في { $product }. يمكنك إيقاف مثل هذه الرسائل في حسابك.
mail-or-copy = أو انسخ هذا العنوان إلى متصفحك:
mail-code-text = على جهاز آخر، اكتب هذا الرمز بدلًا من ذلك:
mail-valid =
    { $minutes ->
        [zero] يعمل الرابط والرمز مرة واحدة.
        [one] يعمل الرابط والرمز مرة واحدة، لمدة دقيقة.
        [two] يعمل الرابط والرمز مرة واحدة، لمدة دقيقتين.
        [few] يعمل الرابط والرمز مرة واحدة، لمدة { $minutes } دقائق.
        [many] يعمل الرابط والرمز مرة واحدة، لمدة { $minutes } دقيقة.
       *[other] يعمل الرابط والرمز مرة واحدة، لمدة { $minutes } دقيقة.
    }
mail-valid-link =
    { $minutes ->
        [zero] يعمل الرابط مرة واحدة.
        [one] يعمل الرابط مرة واحدة، لمدة دقيقة.
        [two] يعمل الرابط مرة واحدة، لمدة دقيقتين.
        [few] يعمل الرابط مرة واحدة، لمدة { $minutes } دقائق.
        [many] يعمل الرابط مرة واحدة، لمدة { $minutes } دقيقة.
       *[other] يعمل الرابط مرة واحدة، لمدة { $minutes } دقيقة.
    }
mail-not-you-ignore = إن لم تكن أنت من فعل ذلك فتجاهل هذه الرسالة – لن يتغيّر شيء.
fact-when = متى
fact-device = الجهاز
fact-where = المكان
fact-app = التطبيق

mail-verify-email-subject = { $product }: أكّد عنوانك
mail-verify-email-title = أكّد عنوانك
mail-verify-email-text = أدخل أحدهم، ونرجو أن تكون أنت، هذا العنوان في { $product }. أكّد أنه عنوانك:
mail-verify-email-button = تأكيد العنوان

mail-already-registered-subject = { $product }: لديك حساب بالفعل
mail-already-registered-title = لديك حساب بالفعل
mail-already-registered-text = أدخل أحدهم، ونرجو أن تكون أنت، هذا العنوان في { $product }. يوجد حساب به بالفعل، فسجّل الدخول ببساطة:
mail-already-registered-forgot = نسيت كلمة المرور؟
mail-already-registered-not-you = إن لم تكن أنت فلا حاجة إلى أي إجراء. لم يعلم أحد أن لديك حسابًا.

mail-recover-subject = { $product }: أعد تعيين كلمة المرور
mail-recover-title = أعد تعيين كلمة المرور
mail-recover-text = طلب أحدهم، ونرجو أن تكون أنت، كلمة مرور جديدة لحسابك في { $product }. اختر واحدة هنا:
mail-recover-button = إعادة تعيين كلمة المرور
mail-recover-not-you = إن لم تكن أنت فتجاهل هذه الرسالة – تبقى كلمة مرورك كما هي.

mail-recover-unknown-subject = { $product }: لا يوجد حساب بهذا العنوان
mail-recover-unknown-title = لا يوجد حساب بهذا العنوان
mail-recover-unknown-text = طلب أحدهم، ونرجو أن تكون أنت، كلمة مرور جديدة في { $product }. لا يوجد حساب لهذا العنوان.
mail-recover-unknown-other = ربما سجّلت بعنوان آخر – جرّب ذلك العنوان.
mail-recover-unknown-register = أو أنشئ حسابًا:

mail-password-changed-subject = { $product }: تم تغيير كلمة المرور
mail-password-changed-title = تم تغيير كلمة المرور
mail-password-changed-text = تم تغيير كلمة مرور حسابك في { $product }.
mail-password-changed-everywhere = تم تسجيل الخروج من جميع الأجهزة الأخرى.

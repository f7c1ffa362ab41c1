factor-webauthn = مفتاح مرور
factor-totp = تطبيق مصادقة
factor-sms = رسالة نصية
factor-email = رمز بالبريد
factor-named = { $factor }: { $name }

sms-second-factor-code = رمز الدخول إلى { $product }: { $code }
sms-number-code = رمز تأكيد الرقم في { $product }: { $code }

mail-security-button = فتح صفحة الأمان
mail-factor-not-you = إن لم تكن أنت من فعل ذلك فقد يستطيع شخص آخر استخدام حسابك. تحقّق منه فورًا:

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
mail-factor-added-text = من الآن يمكن إثبات حسابك في { $product } أيضًا بواسطة:

mail-factor-removed-subject = { $product }: أُزيلت طريقة لتسجيل الدخول
mail-factor-removed-title = أُزيلت طريقة لتسجيل الدخول
mail-factor-removed-text = لم يعد ما يلي يثبت حسابك في { $product }:

mail-backup-codes-made-subject = { $product }: لديك رموز احتياطية جديدة
mail-backup-codes-made-title = لديك رموز احتياطية جديدة
mail-backup-codes-made-text = أُنشئت رموز احتياطية جديدة لحسابك في { $product }. ولم تعد القديمة تعمل.

mail-wrong-second-factor-subject = { $product }: هناك من يعرف كلمة مرورك
mail-wrong-second-factor-title = هناك من يعرف كلمة مرورك
mail-wrong-second-factor-text = كتب شخص كلمة المرور الصحيحة لحسابك في { $product } ثم فشل في الخطوة الثانية، فلم يُسمح له بالدخول.
mail-wrong-second-factor-not-you = إن كنت أنت فلا بأس. وإن لم تكن أنت فاختر كلمة مرور جديدة الآن:

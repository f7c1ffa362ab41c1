# تسجيل الدخول
sign-in = تسجيل الدخول
sign-in-to = للمتابعة إلى { $app }
go-on-to = ستنتقل بعد ذلك إلى { $app }.
email = البريد الإلكتروني
password = كلمة المرور
forgot-password = نسيت كلمة المرور؟
remember =
    { $days ->
        [zero] إبقائي مسجّلًا على هذا الجهاز
        [one] إبقائي مسجّلًا على هذا الجهاز يومًا واحدًا
        [two] إبقائي مسجّلًا على هذا الجهاز يومين
        [few] إبقائي مسجّلًا على هذا الجهاز { $days } أيام
        [many] إبقائي مسجّلًا على هذا الجهاز { $days } يومًا
       *[other] إبقائي مسجّلًا على هذا الجهاز { $days } يوم
    }
signing-in = جارٍ تسجيل الدخول…
new-here = مستخدم جديد؟
create-account = أنشئ حسابًا
continue-with = المتابعة باستخدام { $name }
enter-password = أدخل كلمة المرور
confirm-security = أنت على وشك تغيير طريقة تسجيل دخولك.
choose-account = اختر حسابًا
already-here-title = لقد سجّلت الدخول بالفعل
already-here = سجّلت الدخول في نافذة أخرى بينما كانت هذه الصفحة تنتظر.
continue-as = المتابعة باسم { $name }
signed-out = مسجّل الخروج
account-unsuitable = يطلب التطبيق حسابًا آخر
use-another-account = استخدام حساب آخر
remove-account = إزالة حساب من هذه القائمة
remove-from-list = إزالة { $account } من القائمة

# إنشاء حساب
create-account-title = إنشاء حساب
sign-up-to = للمتابعة إلى { $app }
name = الاسم
email-hint = سنرسل رسالة لتأكيده.
creating-account = جارٍ إنشاء الحساب…
have-account = لديك حساب بالفعل؟
sign-up-terms = بإنشاء حساب فإنك توافق على { $terms } وقد قرأت { $privacy }.

# رموز البريد وروابطه
check-mail-title = تفقّد بريدك
verify-lead = أرسلنا رسالة إلى { $address }. افتح الرابط الموجود فيها، أو اكتب الرمز هنا.
email-confirmed-title = تم تأكيد عنوانك
email-confirmed-lead = تم تأكيد { $address } في نافذة أخرى أو على جهاز آخر. تابع من هنا.
code = الرمز
code-hint = 10 أحرف من الرسالة، مثل BCDFG‑HJKLM. يعمل على أي جهاز.
nothing-arrived = لم يصلك شيء؟
resend = أعد الإرسال
resend-wait = إعادة الإرسال بعد { $seconds } ث
resend-note =
    { $seconds ->
        [zero] يمكنك الطلب مجددًا الآن.
        [one] يمكنك الطلب مجددًا بعد ثانية واحدة.
        [two] يمكنك الطلب مجددًا بعد ثانيتين.
        [few] يمكنك الطلب مجددًا بعد { $seconds } ثوانٍ.
        [many] يمكنك الطلب مجددًا بعد { $seconds } ثانية.
       *[other] يمكنك الطلب مجددًا بعد { $seconds } ثانية.
    }
change-address = تغيير العنوان
spam-hint = المرسل هو { $sender }. ابحث في مجلد الرسائل غير المرغوبة أيضًا.
dev-mail-here = وضع التطوير: افتح الرسالة الملتقَطة
spam-hint-plain = قد يستغرق الأمر بضع دقائق. ابحث في مجلد الرسائل غير المرغوبة أيضًا.
link-verify-email = تأكيد عنوانك
link-verify-email-lead = أنت على وشك تأكيد { $address }.
link-verify-email-button = تأكيد العنوان
link-reset-password = تعيين كلمة مرور جديدة
link-reset-password-lead = أنت على وشك اختيار كلمة مرور جديدة للحساب { $address }.
link-reset-password-button = اختيار كلمة مرور
link-sign-in = تسجيل الدخول بهذا الرابط
link-sign-in-lead = أنت على وشك تسجيل الدخول باسم { $address }.
link-sign-in-button = تسجيل الدخول
link-not-you = لم تطلب ذلك؟ أغلق الصفحة – لم يتغيّر شيء.
link-used-title = لم يعد هذا الرابط صالحًا
link-used-verify-email = سبق استخدامه أو مضى عليه وقت طويل. ربما تم تأكيد عنوانك: سجّل الدخول، وإن لم يكن مؤكدًا فسنرسل إليك رابطًا جديدًا.
link-used-verify-email-button = تسجيل الدخول
link-used-reset-password = سبق استخدامه أو مضى عليه وقت طويل. اطلب رابطًا جديدًا – لن يستغرق ذلك سوى لحظة.
link-used-reset-password-button = طلب رابط جديد
link-used-sign-in = سبق استخدامه أو مضى عليه وقت طويل. اطلب رابطًا جديدًا ممّن أعطاك إياه.
link-used-sign-in-button = تسجيل الدخول
link-used-new-email = سبق استخدامه أو مضى عليه وقت طويل أو أُرسل رابط أحدث. يمكنك رؤية عنوانك وتغييره ضمن «الملف الشخصي».
link-used-new-email-button = تغيير العنوان
link-used-undo-email = سبق التراجع عن التغيير أو انقضت 7 أيام. إن كان شخص آخر قد دخل حسابك، فأعد تعيين كلمة مرورك.
link-used-undo-email-button = إعادة تعيين كلمة المرور
link-used-cancel-deletion = تم الاحتفاظ بحسابك بالفعل، أو أُرسل رابط أحدث، أو انتهت المدة. حاول تسجيل الدخول.
link-used-cancel-deletion-button = تسجيل الدخول
link-used-report = سبق أن أجبت عن هذا، أو مضى عليه أكثر من 7 أيام. إن قلت إنه لم يكن أنت فكلمة مرورك القديمة لم تعد صالحة: اختر «نسيت كلمة المرور؟» عند تسجيل الدخول. إن بدا لك شيء مريبًا، فاتبع «تأمين حسابي».
link-used-report-button = تأمين حسابي
link-used-factor-recovery = سبق استخدامه أو مضى عليه وقت طويل. سجّل الدخول: حيث تُطلب الخطوة الثانية يمكنك البدء من جديد.
link-used-factor-recovery-button = تسجيل الدخول

# كلمات المرور المنسية والمتغيّرة
recover-title = إعادة تعيين كلمة المرور
recover-lead = أدخل عنوان بريدك الإلكتروني لنرسل إليك رابطًا ورمزًا.
recover-button = إعادة تعيين كلمة المرور
back-to-sign-in = العودة إلى تسجيل الدخول
recover-sent-lead = إن كان هناك حساب للعنوان { $address } فقد أرسلنا رسالة. قد يستغرق وصولها بضع دقائق.
recover-code-hint = افتح الرابط الموجود في الرسالة، أو اكتب أحرفها العشرة هنا.
reset-title = اختر كلمة مرور جديدة
reset-lead = سيتم تسجيل الخروج من الأجهزة الأخرى.
reset-button = حفظ كلمة المرور
set-password-title = اختر كلمة المرور
set-password-lead = تم تأكيد عنوانك. هذا ليس المتصفح الذي أنشأت فيه حسابك، لذا اختر كلمة المرور هنا.
new-password = كلمة المرور الجديدة
current-password = كلمة المرور الحالية
change-password = تغيير كلمة المرور
change-password-lead = للحساب { $address }
sign-out-elsewhere = تسجيل الخروج من كل مكان آخر
must-change-title = اختر كلمة مرور جديدة
must-change-temporary = كانت كلمة مرورك الحالية صالحة لتسجيل دخول واحد فقط.
must-change-breached = ظهرت كلمة مرورك في تسريب بيانات، فلم تعد آمنة.
must-change-policy = لم تعد كلمة مرورك مستوفية للقواعد.
must-change-button = حفظ ومتابعة

# الموافقة
an-application = أحد التطبيقات
consent-title = السماح بالوصول
consent-heading = يطلب { $app } الوصول إلى حسابك
consent-host = يُرسَل الرد إلى { $host }
consent-will = سيتمكّن التطبيق من
consent-known =
    { $count ->
        [zero] لا شيء سمحت به من قبل
        [one] أمر واحد سمحت به من قبل
        [two] أمران سمحت بهما من قبل
        [few] { $count } أمور سمحت بها من قبل
        [many] { $count } أمرًا سمحت به من قبل
       *[other] { $count } أمر سمحت به من قبل
    }
allow = السماح
deny = الرفض
consent-note = سنتذكّر إجابتك. يمكنك التراجع عنها في أي وقت من «التطبيقات» في حسابك.
consent-links = اطّلع على { $privacy } و{ $terms } الخاصة بـ { $app }.
consent-link = اطّلع على { $link } الخاصة بـ { $app }.
scope-openid = معرفة من أنت
scope-openid-detail = رقم يمثّل حسابك
scope-openid-short = الهوية
scope-profile = الاطلاع على ملفك الشخصي
scope-profile-detail = اسمك وصورتك ولغتك
scope-profile-short = الملف الشخصي
scope-email = الاطلاع على بريدك الإلكتروني
scope-email-detail = وهل هو مؤكَّد
scope-email-short = البريد الإلكتروني
scope-phone = الاطلاع على رقم هاتفك
scope-phone-detail = وهل هو مؤكَّد
scope-phone-short = الهاتف
scope-address = الاطلاع على عنوانك البريدي
scope-address-detail = الشارع والمدينة والبلد
scope-address-short = العنوان
scope-offline-access = البقاء متصلًا في غيابك
scope-offline-access-detail = إلى أن تزيل الوصول
scope-offline-access-short = يبقى متصلًا
scope-organization = الاطلاع على مؤسستك
scope-organization-detail = المؤسسة التي تنتمي إليها وأدوارك فيها
scope-organization-short = المؤسسة
scope-other = استخدام إذن خاص به

# تسجيل الخروج
sign-out = تسجيل الخروج
sign-out-question = هل تريد تسجيل الخروج من { $product }؟
sign-out-effect = سيتم تسجيل خروجك من هذا الجهاز، وسنبلّغ التطبيقات التي تستخدم هذا الدخول.
stay-signed-in = البقاء مسجّلًا
signed-out-title = تم تسجيل خروجك
signed-out-lead-one = انتهت جلستك على هذا الجهاز. ويبقى الحساب أدناه مسجّل الدخول.
signed-out-other = ما زال مسجّل الدخول هنا
signed-out-to-account = المتابعة إلى الحساب
signed-out-lead = انتهت جلستك مع { $product } على هذا الجهاز.
signed-out-app = أبلغناه بتسجيل خروجك
signed-out-maybe = تعذّر إبلاغه – سجّل الخروج منه بنفسك، أو انتظر بضع دقائق
signed-out-shared = على جهاز مشترك، أغلق جميع نوافذ المتصفح أيضًا.
back-to-app = العودة إلى { $app }
sign-in-again = تسجيل الدخول مجددًا

# إعادة التوجيه
form-post-title = نعيدك الآن
form-post-lead = أنت في طريقك إلى { $app }. إن لم يحدث شيء فتابع يدويًا.
form-post-lead-plain = إن لم يحدث شيء فتابع يدويًا.

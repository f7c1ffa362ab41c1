# الأجهزة والجلسات، وما يساعد عندما يكون شخص آخر هو الفاعل.
nav-devices = الأجهزة
place-unknown = مكان غير معروف
place-city = { $city }، { $country }
list-comma = ،
used-apps = استُخدمت مع
secure-hint = هل ترى شيئًا لا يخصّك؟

# قبل انتهاء جلسة غير مستخدمة
idle-title = هل ما زلت هنا؟
idle-text = لم تستخدم هذه الصفحة منذ مدّة. حفاظًا على أمان حسابك سنسجّل خروجك بعد دقيقة تقريبًا.
idle-stay = البقاء مسجّلًا

# الأجهزة
devices-lead = المتصفّحات التي سجّلت الدخول بها. نخبرك بالبريد عن أي تسجيل دخول من متصفّح آخر.
devices-none = لا أجهزة بعد
devices-none-detail = ستظهر هنا المتصفّحات التي تسجّل الدخول بها.
device-first-seen = أول ظهور
device-trusted = موثوق
device-trusted-until = بلا خطوة ثانية حتى
device-disowned = ليس لك
device-sessions =
    { $count ->
        [0] غير مسجّل الدخول الآن
        [one] جلسة واحدة مفتوحة الآن
        [two] جلستان مفتوحتان الآن
        [few] { $count } جلسات مفتوحة الآن
        [many] { $count } جلسة مفتوحة الآن
       *[other] { $count } جلسة مفتوحة الآن
    }
device-name-label = اسم هذا الجهاز
device-rename = إعادة التسمية
device-untrust = طلب الخطوة الثانية من جديد
device-untrust-detail = لا نطلب خطوتك الثانية على هذا الجهاز حاليًا.
device-forget = نسيان هذا الجهاز
device-forget-detail = يسجّل خروجه. ويُعدّ تسجيل الدخول التالي منه تسجيلًا من جهاز جديد.
device-disown = لم أكن أنا
device-disown-detail = يسجّل خروجه نهائيًا ويخبر مسؤولي مؤسستك ويساعدك على تأمين حسابك.

# تأمين حسابي
secure-title = تأمين حسابي
secure-lead = إذا كنت تظنّ أن شخصًا آخر كان هنا، فاتبع هذه القائمة من أعلى إلى أسفل.
secure-lead-reported = ربما استخدم شخص آخر حسابك. اتبع هذه القائمة من أعلى إلى أسفل.
secure-about = قلت إن هذا لم يكن أنت:
secure-removal = قال أحدهم إنها فُقدت. ستُزال في { $at }. إن كانت إحداها ما زالت لديك فاستخدمها الآن لتبقى كلها.
secure-keep = الاحتفاظ بخطواتي الثانية
alert-factors-kept = لن يُزال شيء.
    .title = تبقى خطواتك الثانية.
secure-removed = أُعِدّت خطوات التحقق الثانية هذه بينما ربما كان شخص آخر في حسابك. وقد أزلناها:
secure-progress = أُنجز { $done } من { $all }
secure-done = تمّ
secure-look = ألقِ نظرة
secure-looks-right = يبدو صحيحًا
secure-finish = إنهاء
secure-later = إكمال الباقي لاحقًا
secure-told = إن كنت عضوًا في مؤسسة فإن مسؤوليها يُخبَرون بما تبلّغ عنه، من هنا أو من رسالة.
secure-sign-out = تسجيل الخروج من كل مكان آخر
secure-sign-out-detail =
    { $count ->
        [zero] حسابك غير مسجّل على أجهزة أخرى.
        [one] حسابك مسجّل على جهاز آخر واحد.
        [two] حسابك مسجّل على جهازين آخرين.
        [few] حسابك مسجّل على { $count } أجهزة أخرى.
        [many] حسابك مسجّل على { $count } جهازًا آخر.
       *[other] حسابك مسجّل على { $count } جهاز آخر.
    }
secure-sign-out-done = هذا الجهاز وحده مسجّل الدخول.
secure-password = اختيار كلمة مرور جديدة
secure-password-detail = كلمة لا تستخدمها في أي مكان آخر. وتتوقّف القديمة فورًا.
secure-password-done = كلمة مرورك جديدة.
secure-factors = مراجعة خطواتك الثانية
secure-factors-detail = أزل كل تطبيق أو مفتاح أو رقم ليس لك.
secure-factors-done = لقد راجعتها.
secure-devices = مراجعة أجهزتك
secure-devices-detail =
    { $count ->
        [zero] لم تسجّل الدخول بأي جهاز بعد.
        [one] سجّلت الدخول بجهاز واحد.
        [two] سجّلت الدخول بجهازين. أبلغ عمّا لا تعرفه.
        [few] سجّلت الدخول بـ{ $count } أجهزة. أبلغ عمّا لا تعرفه.
        [many] سجّلت الدخول بـ{ $count } جهازًا. أبلغ عمّا لا تعرفه.
       *[other] سجّلت الدخول بـ{ $count } جهاز. أبلغ عمّا لا تعرفه.
    }
secure-devices-done = لقد راجعتها.
secure-applications = مراجعة تطبيقاتك
secure-applications-detail =
    { $count ->
        [zero] لا يستخدم حسابك أي تطبيق.
        [one] تطبيق واحد يستخدم حسابك.
        [two] تطبيقان يستخدمان حسابك. أزل ما لا تعرفه.
        [few] { $count } تطبيقات تستخدم حسابك. أزل ما لا تعرفه.
        [many] { $count } تطبيقًا يستخدم حسابك. أزل ما لا تعرفه.
       *[other] { $count } تطبيق يستخدم حسابك. أزل ما لا تعرفه.
    }
secure-applications-done = لقد راجعتها.

# To administrators
mail-member-reported-subject = { $product }: قال أحد الأعضاء «لم أكن أنا»
mail-member-reported-title = قال أحد الأعضاء «لم أكن أنا»
mail-member-reported-text = أبلغنا { $member }، وهو عضو في { $organization }، أن شخصًا آخر كان في حسابه لدى { $product }.
mail-member-reported-done = سُجّل خروج من كان هناك، ونرشد العضو إلى ما يلزم فعله. اسأله عمّا حدث، وراجع سجل التدقيق لمعرفة ما جرى في الحساب قبل ذلك.

# «هل كنت أنت؟»
report-title = هل كنت أنت؟
report-lead-sign-in = سجّل أحدهم الدخول إلى الحساب { $address }:
report-lead-factor = أُضيفت طريقة لتسجيل الدخول إلى الحساب { $address }:
report-lead-factor-removed = أُزيلت طريقة لتسجيل الدخول من الحساب { $address }:
report-lead-password-changed = غُيّرت كلمة مرور الحساب { $address }:
report-lead-backup-codes-made = أُنشئت رموز احتياطية جديدة للحساب { $address }:
report-lead-backup-code-used = سجّل أحدهم الدخول إلى الحساب { $address } برمز احتياطي:
report-me = نعم، كنت أنا
report-not-me = لم أكن أنا
report-what-happens = إن لم تكن أنت، نسجّل خروج كل الأجهزة ونوقف كلمة المرور. وإن كنت عضوًا في مؤسسة فإننا نخبر مسؤوليها. ثم تختار كلمة مرور جديدة.
report-what-happens-factor = إن لم تكن أنت، نزيلها ونسجّل خروج كل الأجهزة ونوقف كلمة المرور. وإن كنت عضوًا في مؤسسة فإننا نخبر مسؤوليها. ثم تختار كلمة مرور جديدة.
report-what-happens-held = لا نعرف هنا إلا أن هذا البريد بيدك، لذلك تُعلَّق الخطوات الثانية المُعدّة ثلاثة أيام ثم تُزال. أجب في متصفح آخر تسجّل الدخول به منذ شهر أو أكثر فتُزال فورًا.
reported-held = الخطوات الثانية المُعدّة معلَّقة. إن كانت لك فسجّل الدخول بإحداها فتبقى. وإلا فستُزال في { $at }، ومن ثم تكفيك كلمة مرورك الجديدة.
reported-confirmed = شكرًا، سجّلنا ذلك
reported-confirmed-lead = لا يلزمك أي شيء آخر.
reported-confirmed-next = إلى حسابك
reported-stopped = لقد أوقفناه
reported-stopped-lead = سُجّل خروج كل الأجهزة، ولم تعد كلمة المرور القديمة تعمل. اختر الآن كلمة جديدة ثم سجّل الدخول، وسنساعدك على مراجعة الباقي.
reported-stopped-next = اختيار كلمة مرور جديدة
reported-stopped-without-password = لقد أوقفناه
reported-stopped-without-password-lead = سُجّل خروج كل الأجهزة. سجّل الدخول من جديد، وسنساعدك على مراجعة الباقي.
reported-stopped-without-password-next = تسجيل الدخول

# إشعارات
alert-session-idle = لم تستخدمها منذ مدّة. سجّل الدخول من جديد للمتابعة.
    .title = سُجّل خروجك حفاظًا على أمان حسابك.
alert-session-expired = لا يدوم تسجيل الدخول إلا مدّة محدودة. سجّل الدخول من جديد للمتابعة.
    .title = انتهت مدّة تسجيل دخولك.
alert-session-ended-elsewhere = إن لم تكن أنت، فغيّر كلمة مرورك بعد تسجيل الدخول.
    .title = سجّلت خروج هذا الجهاز من جهاز آخر.
alert-session-ended-by-password = سجّل الدخول بكلمة المرور الجديدة.
    .title = تغيّرت كلمة مرورك، ولذلك سُجّل خروج هذا الجهاز.
alert-session-ended-by-factor = سجّل الدخول من جديد للمتابعة.
    .title = تغيّرت خطواتك الثانية، ولذلك سُجّل خروج هذا الجهاز.
alert-session-ended-by-device = سجّل الدخول من جديد للمتابعة.
    .title = أُزيل هذا الجهاز من حسابك.
alert-session-ended-by-report = إن كنت صاحب الحساب، فاختر كلمة مرور جديدة عبر «نسيت كلمة المرور؟».
    .title = أبلغ صاحب هذا الحساب عن أمر غير معتاد، ولذلك سُجّل خروج كل الأجهزة.
alert-session-too-many = سجّل الدخول من جديد للمتابعة.
    .title = كان حسابك مسجّلًا على أجهزة كثيرة جدًا، ولذلك سُجّل خروج أقدمها.
alert-device-renamed = ستجده باسمه الجديد.
    .title = تمّ الحفظ.
alert-device-untrusted = سيطلب تسجيل الدخول التالي منه خطوتك الثانية.
    .title = لم يعد الجهاز موثوقًا.
alert-device-forgotten = سُجّل خروجه. قد تحتاج التطبيقات عليه إلى 5 دقائق لتلاحظ ذلك.
    .title = نُسي الجهاز.
alert-device-disowned = سُجّل خروجه، ونخبر مسؤولي مؤسستك. اتبع الآن هذه القائمة.
    .title = شكرًا على إبلاغنا.
alert-account-secured = لقد فعلت كل ما يمكن فعله هنا.
    .title = حسابك مؤمَّن.
alert-finish-securing = بقيت بضع خطوات.
    .title = أكمل تأمين حسابك.

# رسائل البريد
fact-tries = محاولات فاشلة
fact-from-addresses = عدد العناوين
fact-first = الأولى
fact-last = الأخيرة
mail-new-sign-in-subject = تسجيل دخول جديد إلى حسابك في { $product } ‏{ $address }
mail-new-sign-in-title = هل كنت أنت؟
mail-new-sign-in-device = سجّل أحدهم الدخول إلى حسابك { $address } في { $product } بجهاز لا نعرفه:
mail-new-sign-in-country = سجّل أحدهم الدخول إلى حسابك { $address } في { $product } من بلد جديد عليك:
mail-new-sign-in-note = يفتح كلا الرابطين صفحة تسأل مرة أخرى، ولا يحدث شيء قبل ذلك. يعملان 7 أيام.
mail-many-failures-subject = { $product }: محاولات دخول فاشلة كثيرة إلى حسابك
mail-many-failures-title = محاولات دخول فاشلة كثيرة
mail-many-failures-text =
    { $count ->
        [zero] حاول أحدهم خلال الساعة الماضية الدخول إلى حسابك { $address } في { $product } دون نجاح.
        [one] حاول أحدهم مرة واحدة خلال الساعة الماضية الدخول إلى حسابك { $address } في { $product } دون نجاح.
        [two] حاول أحدهم مرتين خلال الساعة الماضية الدخول إلى حسابك { $address } في { $product } دون نجاح.
        [few] حاول أحدهم { $count } مرات خلال الساعة الماضية الدخول إلى حسابك { $address } في { $product } دون نجاح.
        [many] حاول أحدهم { $count } مرة خلال الساعة الماضية الدخول إلى حسابك { $address } في { $product } دون نجاح.
       *[other] حاول أحدهم { $count } مرة خلال الساعة الماضية الدخول إلى حسابك { $address } في { $product } دون نجاح.
    }
mail-many-failures-advice = إن كنت أنت، فلا يلزمك شيء. وإن لم تكن: نحن نبطئ مثل هذه المحاولات، وما زلت تستطيع الدخول بأجهزتك. تأكّد من أنك لا تستخدم كلمة مرورك في أي مكان آخر.
mail-many-failures-note = نكتب لك مرة واحدة في الساعة على الأكثر.
alert-factors-on-hold = سجّل الدخول بكلمة المرور، ثم استخدم مفتاح المرور خطوةً ثانية.
    .title = مفاتيح المرور معلَّقة لهذا الحساب.
alert-factors-put-off = أُجّلت إزالتها ثلاثة أيام. سجّل الدخول بكلمة المرور، ثم استخدم مفتاح المرور خطوةً ثانية. وإن كان شخص آخر يقرأ بريدك فتوجّه إلى المسؤول.
    .title = مفاتيح المرور معلَّقة لهذا الحساب.
alert-factors-going = قال أحدهم إنها فُقدت. تبقى إذا سجّلت الدخول بإحداها، أو قلت هنا إنها ما زالت لديك:
    .title = ستُزال جميع خطواتك الثانية قريبًا.
secure-go-on = أمّن حسابك

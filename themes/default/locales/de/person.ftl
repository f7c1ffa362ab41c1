nav-profile = Profil
nav-activity = Aktivität
nav-data = Ihre Daten
nav-notifications = Mitteilungen

alert-saved = Die Änderung gilt ab jetzt.
    .title = Gespeichert.
alert-email-changed = Die alte Adresse wurde informiert und kann es 7 Tage lang rückgängig machen.
    .title = Ihre Adresse wurde geändert.
alert-email-undone = Alle sind abgemeldet. Wählen Sie jetzt ein neues Passwort: Jemand anders kennt vielleicht das alte.
    .title = Die Änderung der Adresse wurde rückgängig gemacht.
alert-changed-elsewhere = Jemand, vielleicht Sie in einem anderen Tab, hat dasselbe geändert. Bitte sehen Sie noch einmal nach.
    .title = Nicht gespeichert.
alert-confirm-first = Setzen Sie das Häkchen, um fortzufahren.
    .title = Etwas fehlt noch.
alert-last-administrator = Sie verwalten eine Organisation als einzige Person. Benennen Sie zuerst jemand anderen.
    .title = Ihr Konto kann noch nicht gelöscht werden.
alert-managed-by-file = Um diese Angaben kümmert sich Ihre Administration. Bitte wenden Sie sich an sie.
    .title = Das lässt sich hier nicht ändern.

profile-lead = Was Apps über Sie erfahren, wenn Sie es erlauben.
profile-managed = Um Ihre Angaben kümmert sich Ihre Administration. Wenden Sie sich an sie, wenn etwas nicht stimmt.
given-name = Vorname
family-name = Nachname
profile-language = Sprache von Seiten und E-Mails
language-browser = Wie mein Browser es wünscht
time-zone = Zeitzone
time-zone-hint = Für Apps, die danach fragen. Tippen Sie Ihre Stadt und wählen Sie aus der Liste; unsere eigenen Seiten und E-Mails nennen UTC.
save = Speichern
change-email = Adresse ändern
change-email-lead = Wir senden einen Code an die neue Adresse. Sie gilt, sobald Sie sie bestätigt haben.
current-email = Ihre Adresse jetzt:
new-email = Neue Adresse
new-email-hint = Die alte Adresse erfährt von der Änderung.
new-email-sent = Wir haben einen Code und einen Link an { $address } gesendet. Geben Sie den Code hier ein oder folgen Sie dem Link.
link-new-email = Diese Adresse verwenden
link-new-email-lead = Mit { $address } melden Sie sich künftig an.
link-new-email-button = Diese Adresse verwenden
link-undo-email = Alte Adresse behalten
link-undo-email-lead = Die Adresse Ihres Kontos wurde geändert. Mit der Schaltfläche kehren Sie zu { $address } zurück; dann werden alle abgemeldet.
link-undo-email-button = Änderung rückgängig machen
link-cancel-deletion = Konto behalten
link-cancel-deletion-lead = Das Konto { $address } soll gelöscht werden. Mit der Schaltfläche behalten Sie es.
link-cancel-deletion-button = Konto behalten

activity-lead = Was in den letzten 90 Tagen in Ihrem Konto geschah.
activity-all = Alles
activity-kind-sign-ins = Anmeldungen
activity-kind-refused = Abgelehntes
activity-kind-changes = Änderungen
filter = Filtern
activity-days =
    { $days ->
        [one] Letzter Tag
       *[other] Letzte { $days } Tage
    }
activity-empty = Nichts vorhanden
activity-empty-detail = In dieser Zeit ist nichts dieser Art geschehen.
activity-older = Ältere Einträge
activity-download = Als CSV herunterladen
activity-not-me = Das war ich nicht
entry-report-title = War das jemand anders?
entry-report-lead = Wenn Sie es nicht waren, helfen wir Ihnen Schritt für Schritt, Ihr Konto zu sichern. Dabei wählen Sie auch ein neues Passwort.
activity-note = Apps, die ihren Zugriff im Hintergrund erneuern, stehen nicht in der Liste.
activity-signed-in = Angemeldet
activity-sign-in-refused = Anmeldung abgelehnt
activity-signed-out = Abgemeldet
activity-session-ended = Ein Gerät wurde abgemeldet
activity-sessions-ended = Alle Geräte wurden abgemeldet
activity-reported = Sie haben gesagt: „Das war ich nicht“
activity-registered = Konto angelegt
activity-changed-by-operator = Die Administration hat Ihr Konto geändert
activity-email-verified = Adresse bestätigt
activity-created = Ihr Konto wurde angelegt
activity-mail-recovery = Eine E-Mail zum Zurücksetzen des Passworts wurde angefordert
activity-mail-verify = Eine E-Mail zum Bestätigen der Adresse wurde angefordert
activity-mail-known = Jemand hat sich mit Ihrer Adresse registriert; Sie haben eine E-Mail bekommen
activity-mail-change = Eine E-Mail zum Bestätigen einer neuen Adresse wurde angefordert
activity-mail-factors = Eine E-Mail zum Entfernen aller zweiten Schritte wurde angefordert
activity-mail-keep = Eine E-Mail zum Behalten des Kontos wurde angefordert
activity-mail-requested = Eine E-Mail wurde angefordert
activity-code-refused = Ein gesendeter Code oder Link wurde abgelehnt
activity-password-changed = Passwort geändert
activity-password-refused = Änderung des Passworts abgelehnt
activity-profile-changed = Profil geändert
activity-email-changed = Adresse geändert
activity-email-undone = Änderung der Adresse rückgängig gemacht
activity-notifications-changed = Mitteilungen geändert
activity-secured = Sie haben Ihr Konto gesichert
activity-exported = Ihre Daten wurden heruntergeladen
activity-deletion-requested = Löschung des Kontos verlangt
activity-deletion-cancelled = Löschung des Kontos zurückgenommen
activity-factor-added = Eine Bestätigungsmethode wurde hinzugefügt
activity-factor-changed = Eine Bestätigungsmethode wurde geändert oder entfernt
activity-passkey-added = Passkey hinzugefügt
activity-passkey-removed = Passkey entfernt
activity-passkey-suspected = Ein Passkey wurde gesperrt: Es gibt vielleicht eine Kopie davon
activity-app-added = Authenticator-App hinzugefügt
activity-app-removed = Authenticator-App entfernt
activity-sms-added = Codes per SMS eingeschaltet
activity-sms-removed = Codes per SMS ausgeschaltet
activity-mail-codes-added = Codes per E-Mail eingeschaltet
activity-mail-codes-removed = Codes per E-Mail ausgeschaltet
activity-codes-made = Neue Backup-Codes gespeichert
activity-code-used = Ein Backup-Code wurde verwendet
activity-factor-renamed = Ein Passkey oder eine App wurde umbenannt
activity-recovery-begun = Entfernung aller zweiten Schritte begonnen
activity-recovery-cancelled = Entfernung aller zweiten Schritte gestoppt
activity-factors-held = Zweite Schritte ruhen
activity-recovered = Alle zweiten Schritte nach der Wartezeit entfernt
activity-factor-used = Zweiter Schritt bestätigt
activity-factor-refused = Zweiter Schritt abgelehnt
activity-code-sent = Ein Code wurde an Sie gesendet
activity-device-new = Anmeldung von einem neuen Gerät
activity-device-changed = Ein Gerät wurde geändert
activity-consent-granted = Sie haben { $app } Zugriff erlaubt
activity-consent-withdrawn = { $app } hat keinen Zugriff mehr
activity-admin-link = Die Administration hat einen einmaligen Anmeldelink erstellt
activity-membership-changed = Ihre Rolle in einer Organisation wurde geändert
activity-other = Etwas anderes

data-lead = Alles, was wir über Sie haben, gehört Ihnen.
data-download = Ihre Daten herunterladen
data-download-text = Eine Datei (JSON) mit Profil, Anmeldemethoden, Sitzungen, Geräten, Apps und Aktivität. Passwörter und Schlüssel stehen nicht darin.
data-download-button = Herunterladen
data-delete = Ihr Konto löschen
data-delete-text =
    { $days ->
        [one] Sie werden sofort abgemeldet. 1 Tag lang können Sie es sich noch anders überlegen.
       *[other] Sie werden sofort abgemeldet. { $days } Tage lang können Sie es sich noch anders überlegen.
    }
data-delete-managed = Um dieses Konto kümmert sich Ihre Administration. Bitten Sie sie um die Löschung.
data-delete-button = Konto löschen
delete-lead = Bitte lesen Sie das zuerst. Manches lässt sich nicht rückgängig machen.
delete-who = Sie löschen gleich das Konto { $address }.
delete-now = Sie werden jetzt überall abgemeldet, und niemand kann sich mehr mit diesem Konto anmelden.
delete-until =
    { $days ->
        [one] 1 Tag lang, bis { $date }, holt der Link aus unserer E-Mail es zurück.
       *[other] { $days } Tage lang, bis { $date }, holt der Link aus unserer E-Mail es zurück.
    }
delete-then = Danach werden Profil, Anmeldemethoden, Sitzungen und Geräte endgültig gelöscht. Das Sicherheitsprotokoll behält eine Nummer anstelle Ihres Namens.
delete-apps = Was Apps über Sie gespeichert haben, bleibt bei ihnen. Wenden Sie sich an jede einzelne.
delete-confirm = Mir ist klar, dass mein Konto dann weg ist
deletion-requested = Ihr Konto wird gelöscht
deletion-requested-lead = Sie sind überall abgemeldet. Endgültig gelöscht wird es am { $date }.
deletion-again-lead = Sie haben das verlangt. Bis { $date } können Sie es noch behalten; danach wird es endgültig gelöscht.
deletion-requested-note = Doch nicht? Wir haben Ihnen eine E-Mail mit einem Link gesendet, der das Konto behält.
deletion-cancelled = Ihr Konto bleibt
deletion-cancelled-lead = Es wurde nichts gelöscht. Melden Sie sich an wie immer.

notifications-lead = Welche E-Mails wir Ihnen senden.
notifications-security = E-Mails zu Ihrer Sicherheit
notifications-security-text = Sie kommen immer und lassen sich nicht abschalten: So merken Sie, wenn jemand anderes in Ihrem Konto ist.
notifications-security-signin = Anmeldungen von einem neuen Gerät oder aus einem neuen Land
notifications-security-changes = Änderungen an Passwort, Adresse und zweiten Schritten
notifications-security-failures = Viele fehlgeschlagene Anmeldungen, höchstens einmal pro Stunde
notifications-optional = Andere E-Mails
notifications-app-connected = Wenn eine App zum ersten Mal Zugriff auf mein Konto erhält
notifications-to = E-Mails gehen an { $address }.

mail-confirm-new-email-subject = { $product }: Neue Adresse bestätigen
mail-confirm-new-email-title = Bestätigen Sie Ihre neue Adresse
mail-confirm-new-email-text = Jemand, hoffentlich Sie, möchte diese Adresse für ein Konto bei { $product } verwenden. Bestätigen Sie, dass sie Ihnen gehört:
mail-confirm-new-email-button = Adresse bestätigen
mail-email-changed-subject = { $product }: Ihre Adresse wurde geändert
mail-email-changed-title = Ihre Adresse wurde geändert
mail-email-changed-text = Ihr Konto bei { $product } verwendet jetzt { $address }. Mit { $old } können Sie sich nicht mehr anmelden.
mail-email-changed-not-you = Waren Sie das nicht, machen Sie die Änderung rückgängig. Dann werden alle abgemeldet:
mail-email-changed-button = Änderung rückgängig machen
mail-email-changed-valid = Der Link funktioniert einmal, 7 Tage lang.
mail-deletion-requested-subject = { $product }: Ihr Konto wird gelöscht
mail-deletion-requested-title = Ihr Konto wird gelöscht
mail-deletion-requested-text = Sie haben verlangt, dass Ihr Konto bei { $product } gelöscht wird. Sie sind überall abgemeldet, und am { $date } wird es endgültig gelöscht.
mail-deletion-requested-cancel = Haben Sie es sich anders überlegt, oder waren Sie das nicht? Dann behalten Sie es:
mail-deletion-requested-button = Konto behalten
mail-app-connected-subject = { $product }: { $app } wurde verbunden
mail-app-connected-title = { $app } wurde mit Ihrem Konto verbunden
mail-app-connected-text = { $app } darf Ihr Konto bei { $product } ab jetzt verwenden.
mail-app-connected-not-you = Wenn Sie das nicht möchten, entziehen Sie den Zugriff:
mail-app-connected-button = Apps ansehen
mail-app-connected-off = Diese E-Mail können Sie unter „Mitteilungen“ abschalten.

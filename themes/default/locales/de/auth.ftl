# Anmelden
sign-in = Anmelden
sign-in-to = weiter zu { $app }
go-on-to = Danach geht es weiter zu { $app }.
email = E-Mail
password = Passwort
forgot-password = Passwort vergessen?
remember =
    { $days ->
        [one] Auf diesem Gerät 1 Tag angemeldet bleiben
       *[other] Auf diesem Gerät { $days } Tage angemeldet bleiben
    }
signing-in = Anmeldung läuft…
new-here = Neu hier?
create-account = Konto erstellen
continue-with = Weiter mit { $name }
enter-password = Passwort eingeben
confirm-security = Sie sind dabei, Ihre Anmeldung zu ändern.
choose-account = Konto auswählen
already-here-title = Sie sind schon angemeldet
already-here = Sie haben sich in einem anderen Fenster angemeldet, während diese Seite gewartet hat.
continue-as = Weiter als { $name }
signed-out = Abgemeldet
account-unsuitable = Die App verlangt ein anderes Konto
use-another-account = Anderes Konto verwenden
remove-account = Konto aus dieser Liste entfernen
remove-from-list = { $account } aus der Liste entfernen

# Registrieren
create-account-title = Konto erstellen
sign-up-to = weiter zu { $app }
name = Name
email-hint = Wir schicken eine E-Mail, um sie zu bestätigen.
creating-account = Konto wird erstellt…
have-account = Sie haben schon ein Konto?
sign-up-terms = Mit dem Erstellen des Kontos stimmen Sie den { $terms } zu und haben die { $privacy } gelesen.

# Codes und Links aus E-Mails
check-mail-title = Sehen Sie in Ihr Postfach
verify-lead = Wir haben eine E-Mail an { $address } geschickt. Öffnen Sie den Link darin, oder geben Sie den Code hier ein.
email-confirmed-title = Ihre Adresse ist bestätigt
email-confirmed-lead = { $address } wurde in einem anderen Fenster oder auf einem anderen Gerät bestätigt. Machen Sie hier weiter.
code = Code
code-hint = 10 Buchstaben aus der E-Mail, etwa BCDFG‑HJKLM. Geht auf jedem Gerät.
nothing-arrived = Nichts angekommen?
resend = Noch einmal senden
resend-wait = Noch einmal senden in { $seconds } s
resend-note =
    { $seconds ->
        [one] In 1 Sekunde können Sie es noch einmal anfordern.
       *[other] In { $seconds } Sekunden können Sie es noch einmal anfordern.
    }
change-address = Adresse ändern
spam-hint = Absender ist { $sender }. Sehen Sie auch im Spam-Ordner nach.
dev-mail-here = Entwicklung: zur abgefangenen E-Mail
spam-hint-plain = Es kann ein paar Minuten dauern. Sehen Sie auch im Spam-Ordner nach.
link-verify-email = Adresse bestätigen
link-verify-email-lead = Sie bestätigen gleich { $address }.
link-verify-email-button = Adresse bestätigen
link-reset-password = Neues Passwort setzen
link-reset-password-lead = Sie wählen gleich ein neues Passwort für { $address }.
link-reset-password-button = Passwort wählen
link-sign-in = Mit diesem Link anmelden
link-sign-in-lead = Sie melden sich gleich als { $address } an.
link-sign-in-button = Anmelden
link-not-you = Sie haben das nicht angefordert? Schließen Sie die Seite – es hat sich nichts geändert.
link-used-title = Dieser Link gilt nicht mehr
link-used-verify-email = Er wurde schon benutzt oder ist zu alt. Vielleicht ist Ihre Adresse schon bestätigt: Melden Sie sich an, und wenn nicht, schicken wir Ihnen einen neuen Link.
link-used-verify-email-button = Anmelden
link-used-reset-password = Er wurde schon benutzt oder ist zu alt. Fordern Sie einen neuen an – das dauert nur einen Moment.
link-used-reset-password-button = Neuen Link anfordern
link-used-sign-in = Er wurde schon benutzt oder ist zu alt. Bitten Sie die Person, von der Sie ihn haben, um einen neuen.
link-used-sign-in-button = Anmelden
link-used-new-email = Er wurde schon benutzt, ist zu alt, oder es gibt einen neueren. Unter „Profil“ sehen Sie Ihre Adresse und können sie ändern.
link-used-new-email-button = Adresse ändern
link-used-undo-email = Die Änderung wurde schon rückgängig gemacht, oder die 7 Tage sind vorbei. Wenn jemand anders in Ihrem Konto sein könnte, setzen Sie Ihr Passwort zurück.
link-used-undo-email-button = Passwort zurücksetzen
link-used-cancel-deletion = Ihr Konto bleibt bereits, es gibt einen neueren Link, oder die Zeit ist vorbei. Versuchen Sie, sich anzumelden.
link-used-cancel-deletion-button = Anmelden
link-used-report = Sie haben das schon beantwortet, oder es ist mehr als 7 Tage alt. Wenn Sie „Das war ich nicht“ gewählt haben, gilt Ihr altes Passwort nicht mehr: Wählen Sie beim Anmelden „Passwort vergessen?“. Wenn Ihnen etwas verdächtig vorkommt, gehen Sie „Mein Konto sichern“ durch.
link-used-report-button = Mein Konto sichern
link-used-factor-recovery = Er wurde schon benutzt oder ist zu alt. Melden Sie sich an: Wo nach dem zweiten Schritt gefragt wird, können Sie neu beginnen.
link-used-factor-recovery-button = Anmelden

# Vergessene und geänderte Passwörter
recover-title = Passwort zurücksetzen
recover-lead = Geben Sie Ihre E-Mail-Adresse ein. Wir schicken Ihnen einen Link und einen Code.
recover-button = Passwort zurücksetzen
back-to-sign-in = Zurück zur Anmeldung
recover-sent-lead = Falls es ein Konto für { $address } gibt, haben wir eine E-Mail geschickt. Das kann ein paar Minuten dauern.
recover-code-hint = Öffnen Sie den Link in der E-Mail, oder geben Sie die 10 Buchstaben hier ein.
reset-title = Neues Passwort wählen
reset-lead = Andere Geräte werden abgemeldet.
reset-button = Passwort speichern
set-password-title = Passwort wählen
set-password-lead = Ihre Adresse ist bestätigt. Sie haben sich in einem anderen Browser registriert, wählen Sie Ihr Passwort deshalb bitte hier.
new-password = Neues Passwort
current-password = Jetziges Passwort
change-password = Passwort ändern
change-password-lead = für { $address }
sign-out-elsewhere = Überall sonst abmelden
must-change-title = Neues Passwort wählen
must-change-temporary = Ihr jetziges Passwort war nur für eine Anmeldung gedacht.
must-change-breached = Ihr Passwort ist in einem Datenleck aufgetaucht und deshalb nicht mehr sicher.
must-change-policy = Ihr Passwort erfüllt die Regeln nicht mehr.
must-change-button = Speichern und weiter

# Zustimmung
an-application = Eine App
consent-title = Zugriff erlauben
consent-heading = { $app } möchte auf Ihr Konto zugreifen
consent-host = Die Antwort geht an { $host }
consent-will = Damit kann die App
consent-known =
    { $count ->
        [one] 1 Sache, die Sie schon erlaubt haben
       *[other] { $count } Dinge, die Sie schon erlaubt haben
    }
allow = Erlauben
deny = Ablehnen
consent-note = Wir merken uns Ihre Antwort. Sie können sie jederzeit in Ihrem Konto unter „Apps“ zurücknehmen.
consent-links = Hier finden Sie { $privacy } und { $terms } von { $app }.
consent-link = Hier finden Sie: { $link } von { $app }.
scope-openid = Wissen, wer Sie sind
scope-openid-detail = Eine Nummer, die für Ihr Konto steht
scope-openid-short = Identität
scope-profile = Ihr Profil sehen
scope-profile-detail = Name, Bild und Sprache
scope-profile-short = Profil
scope-email = Ihre E-Mail-Adresse sehen
scope-email-detail = Und ob sie bestätigt ist
scope-email-short = E-Mail
scope-phone = Ihre Telefonnummer sehen
scope-phone-detail = Und ob sie bestätigt ist
scope-phone-short = Telefon
scope-address = Ihre Postanschrift sehen
scope-address-detail = Straße, Ort und Land
scope-address-short = Anschrift
scope-offline-access = Verbunden bleiben, wenn Sie nicht da sind
scope-offline-access-detail = Bis Sie den Zugriff entfernen
scope-offline-access-short = Bleibt verbunden
scope-organization = Ihre Organisation sehen
scope-organization-detail = Zu welcher Organisation Sie gehören und welche Rollen Sie haben
scope-organization-short = Organisation
scope-other = Eine eigene Berechtigung nutzen

# Abmelden
sign-out = Abmelden
sign-out-question = Von { $product } abmelden?
sign-out-effect = Sie werden auf diesem Gerät abgemeldet. Apps, die diese Anmeldung nutzen, erfahren davon.
stay-signed-in = Angemeldet bleiben
signed-out-title = Sie sind abgemeldet
signed-out-lead-one = Ihre Sitzung auf diesem Gerät ist beendet. Das Konto unten bleibt angemeldet.
signed-out-other = Hier noch angemeldet
signed-out-to-account = Weiter zum Konto
signed-out-lead = Ihre Sitzung bei { $product } auf diesem Gerät ist beendet.
signed-out-app = Wurde benachrichtigt, Sie abzumelden
signed-out-maybe = War nicht zu erreichen – melden Sie sich dort selbst ab, oder warten Sie ein paar Minuten
signed-out-shared = Schließen Sie auf einem gemeinsam genutzten Computer auch alle Browserfenster.
back-to-app = Zurück zu { $app }
sign-in-again = Wieder anmelden

# Form post
form-post-title = Wir bringen Sie zurück
form-post-lead = Sie sind auf dem Weg zu { $app }. Wenn nichts geschieht, gehen Sie von Hand weiter.
form-post-lead-plain = Wenn nichts geschieht, gehen Sie von Hand weiter.

factor-webauthn = Passkey
factor-totp = Authenticator-App
factor-sms = SMS
factor-email = Code per E-Mail
factor-named = { $factor }: { $name }

sms-second-factor-code = { $code } ist Ihr Anmeldecode für { $product }. Geben Sie ihn niemandem.
sms-number-code = { $code } ist Ihr Code von { $product }, um diese Nummer zu bestätigen.

mail-security-button = Sicherheitsseite öffnen
mail-report-not-you = Wenn Sie das nicht waren, sagen Sie es uns: Wir melden alle Geräte ab und sperren das Passwort. Danach wählen Sie ein neues.

mail-second-factor-code-subject = { $product }: { $code } ist Ihr Anmeldecode
mail-second-factor-code-title = Ihr Anmeldecode
mail-second-factor-code-text = Geben Sie diesen Code auf der Seite von { $product } ein, die danach fragt:
mail-second-factor-code-valid =
    { $minutes ->
        [one] Er gilt einmal, 1 Minute lang und nur auf dieser Seite.
       *[other] Er gilt einmal, { $minutes } Minuten lang und nur auf dieser Seite.
    }
mail-second-factor-code-not-you = Wenn Sie sich gerade nicht anmelden, kennt jemand Ihr Passwort: Ändern Sie es. Geben Sie diesen Code niemandem.

mail-factor-added-subject = { $product }: neue Anmeldemethode
mail-factor-added-title = Eine Anmeldemethode wurde hinzugefügt
mail-factor-added-text = Bei { $product } können Sie sich ab jetzt auch hiermit ausweisen:
mail-factor-added-not-you = Wenn Sie das nicht waren, sagen Sie es uns: Wir entfernen die Methode, melden alle Geräte ab und sperren das Passwort.

mail-factor-removed-subject = { $product }: Anmeldemethode entfernt
mail-factor-removed-title = Eine Anmeldemethode wurde entfernt
mail-factor-removed-text = Bei { $product } können Sie sich hiermit nicht mehr ausweisen:

mail-backup-codes-made-subject = { $product }: neue Backup-Codes
mail-backup-codes-made-title = Sie haben neue Backup-Codes
mail-backup-codes-made-text = Für Ihr Konto bei { $product } wurden neue Backup-Codes erstellt. Etwaige ältere gelten nicht mehr.

mail-wrong-second-factor-subject = { $product }: falscher Code beim zweiten Schritt
mail-wrong-second-factor-title = Ein falscher Code beim zweiten Schritt
mail-wrong-second-factor-text = Jemand hat das richtige Passwort für Ihr Konto bei { $product } eingegeben, beim zweiten Schritt aber einen falschen Code.
mail-wrong-second-factor-not-you = Wenn Sie sich vertippt haben, ist alles gut. Wenn Sie es nicht waren, kennt jemand Ihr Passwort: Wählen Sie jetzt ein neues.

security-good = Ihr Konto ist gut geschützt
security-improve =
    { $count ->
        [one] 1 Sache lässt sich verbessern
       *[other] { $count } Dinge lassen sich verbessern
    }
improve-removal = Ihre zweiten Schritte werden bald entfernt: Wenn nicht Sie das verlangt haben, sichern Sie Ihr Konto
improve-email = Bestätigen Sie Ihre Adresse
improve-second_step = Richten Sie einen zweiten Schritt oder einen Passkey ein
improve-suspect_passkey = Entfernen Sie einen Passkey, der vielleicht kopiert wurde
improve-stronger = Richten Sie einen Passkey oder eine Authenticator-App ein: Nachrichten lassen sich abfangen
improve-another = Richten Sie einen weiteren Weg ein, falls Sie den einzigen verlieren
improve-codes = Speichern Sie Backup-Codes für den Tag, an dem Ihr Telefon weg ist
improve-few_codes = Erstellen Sie neue Backup-Codes, bevor sie ausgehen
passkeys-no = Noch keine Passkeys
second-steps = Zweite Schritte
factor-since = Hinzugefügt:
factor-last-used = Zuletzt benutzt:
factor-never-used = Nie benutzt
factor-name = Name
factor-rename = Umbenennen
factor-remove = Entfernen
factor-remove-lead = Nach dem Entfernen weisen Sie sich damit nicht mehr aus. Ihre anderen Sitzungen enden dann, und keinem Gerät wird mehr vertraut.
set-up = Einrichten
turn-on = Einschalten
weaker = Schwächer
app-add = App hinzufügen
app-why = Ein Code aus einer App auf Ihrem Telefon, auch ohne Netz
email-why = Ein Code an Ihre Adresse; so sicher wie Ihr Postfach
sms-why = Ein Code auf Ihr Telefon; Nachrichten lassen sich abfangen
backup-codes = Backup-Codes
codes-few = Nur noch wenige
codes-left =
    { $count ->
        [0] Keiner von 10 übrig
       *[other] { $count } von 10 übrig
    }
codes-made = erstellt am
codes-none = Keine. Mit ihnen kommen Sie hinein, wenn Ihr Telefon weg ist.
codes-unsaved = Sie sind noch nicht gesichert und gelten erst danach.
codes-new = Neue Codes erstellen
codes-save = Sichern
security-more = Passwort und Geräte
trusted-devices = Vertraute Geräte
trusted-devices-count =
    { $count ->
        [0] Jedes Gerät wird nach dem zweiten Schritt gefragt
        [one] 1 Gerät wird nicht nach dem zweiten Schritt gefragt
       *[other] { $count } Geräte werden nicht nach dem zweiten Schritt gefragt
    }
trusted-devices-none = Sie haben keinen zweiten Schritt, nach dem ein Gerät gefragt werden könnte
security-secure-detail = Kommt Ihnen etwas verdächtig vor? Wir gehen es Schritt für Schritt durch.
security-secure-start = Anfangen

phone-title = Codes per SMS
phone-lead = Immer wenn ein zweiter Schritt nötig ist, schicken wir einen Code auf Ihr Telefon.
phone-number = Telefonnummer
phone-hint = Mit Ländervorwahl, zum Beispiel +49 151 23456789.
phone-send = Code senden
phone-sent = Wir haben einen Code an { $receiver } geschickt. Er gilt 10 Minuten.
phone-confirm = Nummer bestätigen
phone-other = Andere Nummer verwenden
phone-current = Ihre Nummer ist
phone-replaced = Eine neue tritt an ihre Stelle.
phone-change = Nummer ändern
phone-risk = SMS lassen sich abfangen, und Nummern können übernommen werden. Ein Passkey oder eine Authenticator-App ist sicherer.
sending = Wird gesendet …
error-enter-phone = Geben Sie Ihre Telefonnummer ein
error-phone-format = Geben Sie eine Mobilnummer mit Ländervorwahl ein, zum Beispiel +49 151 23456789. Manche Nummern sind nicht möglich

alert-factor-added = Ab jetzt weisen Sie sich auch damit aus.
    .title = Zweiter Schritt eingerichtet.
alert-factor-removed = Ihre anderen Sitzungen sind beendet, und keinem Gerät wird mehr vertraut.
    .title = Zweiter Schritt entfernt.
alert-factor-renamed = Der neue Name steht in der Liste.
    .title = Umbenannt.
alert-factor-name = Wählen Sie einen Namen, den sonst nichts in dieser Liste hat.
    .title = Der Name wurde nicht geändert.
alert-last-factor = Ihr Konto braucht einen. Richten Sie zuerst einen anderen ein.
    .title = Dieser zweite Schritt muss bleiben.
alert-backup-codes-saved = Sie gelten ab jetzt; etwaige ältere gelten nicht mehr.
    .title = Backup-Codes gespeichert.
alert-code-sent = Der vorige gilt nicht mehr.
    .title = Ein weiterer Code ist unterwegs.
dev-sms = SMS

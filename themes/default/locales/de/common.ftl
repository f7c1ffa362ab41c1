locale-name = Deutsch

# Datum und Uhrzeit
date = { $day }. { $month } { $year }
datetime = { $date }, { $time } Uhr { $zone }
month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember
ago-now = gerade eben
ago-minutes =
    { $count ->
        [one] vor { $count } Minute
       *[other] vor { $count } Minuten
    }
ago-hours =
    { $count ->
        [one] vor { $count } Stunde
       *[other] vor { $count } Stunden
    }
ago-days =
    { $count ->
        [one] gestern
       *[other] vor { $count } Tagen
    }

# Rahmen
title-error = Fehler:
skip-to-content = Zum Inhalt
help = Hilfe
privacy = Datenschutz
terms = Nutzungsbedingungen
privacy-policy = Datenschutzerklärung
terms-of-service = Nutzungsbedingungen
language = Sprache:
colors = Darstellung
colors-auto = Automatisch
colors-light = Hell
colors-dark = Dunkel
need-help = Brauchen Sie Hilfe?
contact-support = Support kontaktieren

# Schaltflächen und kleine Wörter
continue = Weiter
cancel = Abbrechen
remove = Entfernen
manage = Verwalten
or = oder
more = Mehr
copy = Kopieren
copied = Kopiert
one-moment = Einen Moment…
checking = Wird geprüft…
saving = Wird gespeichert…
reference = Kennung
time = Zeit
not-you = Nicht Sie?

# Hinweise
alert-wrong-credentials = Prüfen Sie E-Mail-Adresse und Passwort, oder wählen Sie einen anderen Weg.
    .title = Die Anmeldung hat nicht geklappt.
alert-wrong-password = Prüfen Sie es, oder setzen Sie es zurück, wenn Sie es vergessen haben.
    .title = Das ist nicht Ihr Passwort.
alert-throttled =
    { $minutes ->
        [one] Warten Sie 1 Minute, oder setzen Sie Ihr Passwort jetzt zurück.
       *[other] Warten Sie { $minutes } Minuten, oder setzen Sie Ihr Passwort jetzt zurück.
    }
    .title = Zu viele Versuche.
alert-check-fields = Bitte sehen Sie sich die markierten Felder an:
    .title = Fast geschafft.
alert-wrong-mail-code = Sehen Sie in unserer neuesten E-Mail nach, oder fordern Sie eine weitere an.
    .title = Dieser Code hat nicht gestimmt.
alert-wrong-code = Codes wechseln alle 30 Sekunden – prüfen Sie, ob die Uhr Ihres Telefons richtig geht.
    .title = Dieser Code hat nicht gestimmt.
alert-link-used-up = Fordern Sie einen neuen an – das dauert nur einen Moment.
    .title = Dieser Link gilt nicht mehr.
alert-flow-expired = Melden Sie sich an, um fortzufahren.
    .title = Die Seite hat zu lange gewartet, deshalb fangen wir neu an.
alert-session-ended = Melden Sie sich wieder an, um fortzufahren.
    .title = Sie wurden abgemeldet, damit Ihr Konto sicher bleibt.
alert-policy-network = Ihre Verbindung kommt von { $ip }.
    .title = { $organization } erlaubt die Anmeldung nur aus bestimmten Netzen.
alert-other-account-needed = Melden Sie sich mit dem Konto an, das die App verlangt.
    .title = Hier wird ein anderes Konto gebraucht.
alert-sign-in-again = Danach geht es dort weiter, wo Sie waren.
    .title = Bitte bestätigen Sie, dass Sie es sind.
alert-confirm-new-address = Verwenden Sie hier Ihre bisherige Adresse, nicht die neue. Geben Sie danach den Code aus der E-Mail ein.
    .title = Melden Sie sich an, um Ihre neue Adresse zu bestätigen.
alert-confirm-email = Wir haben Ihnen eine E-Mail mit Link und Code geschickt.
    .title = Bestätigen Sie zuerst Ihre Adresse.
alert-mail-sent = Es kann ein paar Minuten dauern, bis sie ankommt.
    .title = Wir haben noch eine E-Mail geschickt.
alert-password-reset = Melden Sie sich mit dem neuen an.
    .title = Ihr Passwort ist gesetzt.
alert-password-changed = Wir haben Ihnen dazu eine E-Mail geschickt.
    .title = Ihr Passwort ist geändert.
alert-password-changed-everywhere = Alle anderen Geräte sind abgemeldet.
    .title = Ihr Passwort ist geändert.
alert-email-verified = Machen Sie dort weiter, wo Sie begonnen haben, oder melden Sie sich hier an.
    .title = Ihre Adresse ist bestätigt.
alert-email-verified-elsewhere = Melden Sie sich mit dem Passwort an, das Sie beim Bestätigen gewählt haben.
    .title = Ihre Adresse ist bestätigt.
alert-session-ended-by-you = Es kann bis zu 5 Minuten dauern, bis die Apps dort es bemerken.
    .title = Auf diesem Gerät abgemeldet.
alert-other-sessions-ended =
    { $count ->
        [one] 1 Gerät wurde abgemeldet.
       *[other] { $count } Geräte wurden abgemeldet.
    }
    .title = Nur dieses Gerät ist noch angemeldet.
alert-access-removed = Wenn Sie sich dort wieder anmelden, erhält die App erneut Zugriff.
    .title = { $app } hat keinen Zugriff mehr auf Ihr Konto.

# Felder
error-enter-identifier = Geben Sie Ihre E-Mail-Adresse ein
error-enter-email = Geben Sie Ihre E-Mail-Adresse ein
error-email-format = Geben Sie eine E-Mail-Adresse wie name@example.com ein
error-enter-name = Geben Sie Ihren Namen ein
error-enter-password = Geben Sie Ihr Passwort ein
error-enter-new-password = Geben Sie ein neues Passwort ein
error-choose-password = Wählen Sie ein Passwort
error-enter-code = Geben Sie den Code aus der E-Mail ein
error-wrong-code = Dieser Code passt nicht
error-wrong-current-password = Das ist nicht Ihr jetziges Passwort
error-time-zone = Wählen Sie eine Zeitzone aus der Liste, etwa Europe/Berlin
error-too-short =
    { $min ->
        [one] Verwenden Sie mindestens 1 Zeichen
       *[other] Verwenden Sie mindestens { $min } Zeichen
    }
error-too-long =
    { $max ->
        [one] Verwenden Sie höchstens 1 Zeichen
       *[other] Verwenden Sie höchstens { $max } Zeichen
    }
error-common-password = Dieses Passwort benutzen viele, es ist leicht zu erraten. Wählen Sie ein anderes
error-breached-password = Dieses Passwort ist in einem Datenleck aufgetaucht. Wählen Sie eines, das Sie sonst nirgends verwenden
error-personal-password = Bilden Sie das Passwort nicht aus Ihrem Namen, Ihrer Adresse oder unserem Namen
error-weak-password = Dieses Passwort ist leicht zu erraten. Ergänzen Sie zwei weitere Wörter
error-reused-password = Dieses Passwort hatten Sie schon einmal. Wählen Sie ein neues
error-same-password = Das ist Ihr jetziges Passwort. Wählen Sie ein neues

# Passwörter
show-password = Passwort anzeigen
hide-password = Passwort verbergen
caps-lock-on = Die Feststelltaste ist an
rule-length =
    { $min ->
        [one] Mindestens 1 Zeichen – Leerzeichen und alle Alphabete sind willkommen
       *[other] Mindestens { $min } Zeichen – Leerzeichen und alle Alphabete sind willkommen
    }
rule-uncommon = Kein häufiges Passwort und keines aus einem Datenleck
rule-advice = Am besten: von einem Passwortmanager erzeugt oder aus mehreren Wörtern, die nichts miteinander zu tun haben
meter-label = Stärke:
meter-very-weak = Sehr schwach
meter-weak = Schwach
meter-fair = Mittel
meter-good = Gut
meter-strong = Stark
suggest-add-words = Ergänzen Sie zwei weitere Wörter.
suggest-avoid-repeats = Vermeiden Sie wiederholte Wörter und Zeichen.
suggest-avoid-sequences = Vermeiden Sie Folgen wie abc oder 6543.
suggest-avoid-dates = Vermeiden Sie Daten und Jahreszahlen.
suggest-avoid-names = Vermeiden Sie Namen.
suggest-avoid-keyboard = Vermeiden Sie Reihen benachbarter Tasten.
suggest-avoid-swaps = Ersetzungen wie @ für a helfen kaum.

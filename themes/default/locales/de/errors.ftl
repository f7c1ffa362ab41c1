way-retry = Noch einmal versuchen
way-start-again = Neu anfangen
way-sign-in = Anmelden
way-back-to-app = Zurück zur App
way-account = Zu Ihrem Konto
way-continue = Weiter
technical-details = Technische Einzelheiten

http-400 = Gehen Sie zurück, und versuchen Sie es noch einmal. Falls Sie einem Link gefolgt sind, fehlt ihm vielleicht ein Stück.
    .title = Diese Anfrage haben wir nicht verstanden
http-403 = Wenn Sie die Seite brauchen, fragen Sie Ihre Administratorin oder Ihren Administrator.
    .title = Sie haben keinen Zugriff auf diese Seite
http-404 = Vielleicht ist die Adresse vertippt, oder die Seite ist umgezogen.
    .title = Hier gibt es keine Seite
http-405 = Gehen Sie zurück, und benutzen Sie die Schaltfläche auf der Seite.
    .title = So lässt sich diese Seite nicht aufrufen
http-409 = Laden Sie die Seite neu, um den jetzigen Stand zu sehen.
    .title = Inzwischen hat sich etwas geändert
http-410 = Fordern Sie einen neuen an – das dauert nur einen Moment.
    .title = Dieser Link gilt nicht mehr
http-413 = Senden Sie weniger, oder senden Sie es in Teilen.
    .title = Das war zu viel auf einmal
http-429 = Warten Sie einen Moment, und versuchen Sie es dann noch einmal.
    .title = Zu viele Versuche
http-500 = Es wurde nichts geändert. Versuchen Sie es noch einmal, oder nennen Sie dem Support diese Nummer:
    .plain = Es wurde nichts geändert. Versuchen Sie es noch einmal.
    .title = Bei uns ist etwas schiefgegangen
http-503 = Es wurde nichts geändert. Versuchen Sie es in einer Minute noch einmal.
    .title = Wir sind gerade nicht erreichbar

flow-expired = Fangen Sie neu an – Sie kommen wieder zu { $app }.
    .title = Diese Seite hat zu lange gewartet
flow-expired-plain = Fangen Sie neu an – Sie kommen wieder dorthin, wo Sie hinwollten.
already-signed-in = Sie haben sich in einem anderen Tab angemeldet. Hier ist nichts mehr zu tun.
    .title = Sie sind schon angemeldet
cookies-blocked = { $product } merkt sich Ihre Anmeldung in einem eigenen Cookie. Erlauben Sie im Browser Cookies für diese Seite, und versuchen Sie es dann noch einmal.
    .title = Ihr Browser blockiert Cookies
tab-finished = Sie haben die Anmeldung in einem anderen Tab beendet oder sind zurückgegangen. Hier ist nichts mehr zu tun.
    .title = Diese Anmeldung ist fertig
app-misconfigured = { $app } hat uns etwas geschickt, das wir nicht annehmen können. Das liegt nicht an Ihnen.
    .number = Nennen Sie dem Support der App diese Nummer:
    .title = Die App ist falsch eingestellt
developer-title = Für die Entwicklung der App
developer-only = Nicht in Produktion sichtbar
uri-received = Empfangen
uri-registered =
    { $count ->
        [0] Registriert: keine
        [one] Registriert
       *[other] Registriert, { $count } Adressen
    }
app-register = Zum Anlegen (eine eben erst angelegte App braucht ein paar Sekunden)
uri-fix = Um sie anzunehmen
open-app-settings = Einstellungen der App öffnen
wrong-host = Sie haben { $opened } geöffnet, dieser Server ist aber als { $address } eingerichtet.
    .title = Das ist nicht die richtige Adresse
wrong-host-operator = Falls Sie diesen Server betreiben: Setzen Sie { $setting } auf die Adresse, die geöffnet wird.
open-address = { $address } öffnen
throttled =
    { $minutes ->
        [one] Warten Sie 1 Minute, oder setzen Sie Ihr Passwort jetzt zurück.
       *[other] Warten Sie { $minutes } Minuten, oder setzen Sie Ihr Passwort jetzt zurück.
    }
    .title = Zu viele Versuche
throttled-wait =
    { $minutes ->
        [one] Warten Sie 1 Minute, und versuchen Sie es dann noch einmal.
       *[other] Warten Sie { $minutes } Minuten, und versuchen Sie es dann noch einmal.
    }
reset-my-password = Passwort zurücksetzen
locked = { $organization } hat es vorübergehend gesperrt. Ihre Administration kann Ihnen den Grund nennen und es wieder freigeben.
    .title = Dieses Konto kann sich zurzeit nicht anmelden
address-taken = { $address } gehört bei { $product } inzwischen zu einem anderen Konto und kann deshalb noch nicht wieder Ihre Adresse sein. Alle sind bei Ihrem Konto abgemeldet, was jemand anderes dort eingerichtet hat, ist entfernt, und niemand kann sich anmelden. Von Ihnen ist nichts verloren.
    .title = Ihr Konto ist vorerst geschlossen
    .ask = Wenden Sie sich mit dieser Nummer an Ihre Administration. Bewahren Sie unsere E-Mail auf: Sobald die Adresse frei ist, öffnet ihre Schaltfläche Ihr Konto wieder.

nav-label = Konto
nav-home = Übersicht
nav-security = Sicherheit
nav-sessions = Sitzungen
nav-applications = Apps

account-title = Ihr Konto
account-lead = Eine Anmeldung für alles, was Sie mit { $product } nutzen.
email-verified = Bestätigt
email-unverified = Nicht bestätigt
confirm-email = Sie sind dabei, Ihre Adresse zu ändern.
confirm-data = Sie sind dabei, Ihre Daten herunterzuladen.
confirm-deletion = Sie sind dabei, Ihr Konto zu löschen.
my-apps = Ihre Apps
no-apps = Noch keine Apps
no-apps-detail = Hier erscheinen Apps, die Sie öffnen dürfen.
changed = Geändert:
never-changed = Seit dem Erstellen des Kontos nicht geändert
no-password = Keines – Sie melden sich über Ihre Organisation an
home-second-steps = Passkeys und zweite Schritte
home-second-steps-count =
    { $count ->
        [0] Noch keine: Nur das Passwort schützt Ihr Konto
        [one] 1 eingerichtet
       *[other] { $count } eingerichtet
    }
sessions-count =
    { $count ->
        [one] Auf 1 Gerät angemeldet
       *[other] Auf { $count } Geräten angemeldet
    }
sessions-check = Eines kommt Ihnen fremd vor? Melden Sie es ab, und ändern Sie Ihr Passwort.
see-sessions = Alle ansehen

security-lead = Wie Sie sich anmelden und wo Sie angemeldet sind.

sessions-lead = Überall, wo Ihr Konto angemeldet ist.
device-name = { $browser } auf { $system }
device-unknown = Unbekanntes Gerät
this-device = Dieses Gerät
last-seen = Zuletzt gesehen:
signed-in-at = Angemeldet:
end-other-sessions = Überall sonst abmelden
sessions-note = Es kann bis zu 5 Minuten dauern, bis Apps eine Abmeldung bemerken.

applications-lead = Apps, denen Sie Zugriff auf Ihr Konto erlaubt haben.
allowed-since = Erlaubt:
last-used = Zuletzt benutzt:
never-used = Noch nicht benutzt
remove-access = Zugriff entfernen
applications-note = Eine App, deren Zugriff Sie entfernen, erhält ihn wieder, wenn Sie sich bei ihr anmelden; braucht sie Ihre Zustimmung, fragt sie vorher. Was sie schon gespeichert hat, bleibt bei ihr.
no-connected-apps = Keine verbundenen Apps
no-connected-apps-detail = Hier erscheinen Apps, denen Sie Zugriff auf Ihr Konto erlauben.

# E-Mails in der Entwicklung
dev-mail = In der Entwicklung abgefangene E-Mails
dev-mail-lead = Nichts verlässt diesen Rechner. Die neueste steht oben; neu laden zeigt weitere.
dev-mail-empty = Noch keine E-Mails
dev-mail-empty-detail = Erstellen Sie ein Konto oder setzen Sie ein Passwort zurück, und kommen Sie dann wieder.
mail-to = An
mail-text = Text
mail-open = Einzeln öffnen

# Geräte, Sitzungen und Hilfe, wenn es jemand anders war.
nav-devices = Geräte
place-unknown = Ort unbekannt
place-city = { $city }, { $country }
list-comma = ,
used-apps = Benutzt mit
secure-hint = Etwas davon gehört nicht zu Ihnen?

# Bevor eine ungenutzte Sitzung endet
idle-title = Sind Sie noch da?
idle-text = Sie haben diese Seite eine Weile nicht benutzt. Zum Schutz Ihres Kontos melden wir Sie in etwa einer Minute ab.
idle-stay = Angemeldet bleiben

# Geräte
devices-lead = Browser, mit denen Sie sich angemeldet haben. Über eine Anmeldung mit einem anderen informieren wir Sie per E-Mail.
devices-none = Noch keine Geräte
devices-none-detail = Hier erscheinen die Browser, mit denen Sie sich anmelden.
device-first-seen = Zuerst gesehen:
device-trusted = Vertraut
device-trusted-until = Ohne zweiten Schritt bis
device-disowned = Nicht Ihres
device-sessions =
    { $count ->
        [0] Zurzeit nicht angemeldet
        [one] Zurzeit angemeldet
       *[other] Zurzeit { $count }-mal angemeldet
    }
device-name-label = Name dieses Geräts
device-rename = Umbenennen
device-untrust = Wieder nach dem zweiten Schritt fragen
device-untrust-detail = Zurzeit fragen wir auf diesem Gerät nicht nach Ihrem zweiten Schritt.
device-forget = Gerät vergessen
device-forget-detail = Meldet es ab. Die nächste Anmeldung dort zählt als eine mit einem neuen Gerät.
device-disown = Das war ich nicht
device-disown-detail = Meldet es endgültig ab, informiert die Administration Ihrer Organisation und hilft Ihnen, Ihr Konto zu sichern.

# Mein Konto sichern
secure-title = Mein Konto sichern
secure-lead = Wenn Sie glauben, dass jemand anders hier war, gehen Sie diese Liste von oben nach unten durch.
secure-lead-reported = Vielleicht hat jemand anders Ihr Konto benutzt. Gehen Sie diese Liste von oben nach unten durch.
secure-about = Sie haben gesagt, dass Sie das nicht waren:
secure-removal = Jemand hat angegeben, dass sie verloren sind. Am { $at } werden sie entfernt. Wenn Sie noch einen davon haben, benutzen Sie ihn jetzt, dann bleiben alle.
secure-keep = Zweite Schritte behalten
alert-factors-kept = Es wird nichts entfernt.
    .title = Ihre zweiten Schritte bleiben.
secure-removed = Diese zweiten Schritte wurden eingerichtet, während womöglich jemand anderes in Ihrem Konto war. Wir haben sie entfernt:
secure-progress = { $done } von { $all } erledigt
secure-done = Erledigt
secure-look = Ansehen
secure-looks-right = Stimmt so
secure-finish = Abschließen
secure-later = Den Rest später erledigen
secure-told = Wenn Sie zu einer Organisation gehören, erfährt deren Administration, was Sie hier oder aus einer E-Mail melden.
secure-sign-out = Überall sonst abmelden
secure-sign-out-detail =
    { $count ->
        [one] Ihr Konto ist auf 1 weiteren Gerät angemeldet.
       *[other] Ihr Konto ist auf { $count } weiteren Geräten angemeldet.
    }
secure-sign-out-done = Nur dieses Gerät ist angemeldet.
secure-password = Ein neues Passwort wählen
secure-password-detail = Eines, das Sie nirgends sonst benutzen. Das alte gilt dann sofort nicht mehr.
secure-password-done = Ihr Passwort ist neu.
secure-factors = Zweite Schritte prüfen
secure-factors-detail = Entfernen Sie jede App, jeden Schlüssel und jede Nummer, die nicht Ihnen gehören.
secure-factors-done = Sie haben sie geprüft.
secure-devices = Geräte prüfen
secure-devices-detail =
    { $count ->
        [one] Sie haben sich mit 1 Gerät angemeldet.
       *[other] Sie haben sich mit { $count } Geräten angemeldet. Wählen Sie „Das war ich nicht“ bei denen, die Sie nicht kennen.
    }
secure-devices-done = Sie haben sie geprüft.
secure-applications = Apps prüfen
secure-applications-detail =
    { $count ->
        [0] Keine App darf Ihr Konto benutzen.
        [one] 1 App darf Ihr Konto benutzen.
       *[other] { $count } Apps dürfen Ihr Konto benutzen. Entfernen Sie die, die Sie nicht kennen.
    }
secure-applications-done = Sie haben sie geprüft.

# To administrators
mail-member-reported-subject = { $product }: Ein Mitglied meldet „Das war ich nicht“
mail-member-reported-title = Ein Mitglied meldet „Das war ich nicht“
mail-member-reported-text = { $member }, Mitglied von { $organization }, hat uns gemeldet, dass jemand anderes im eigenen Konto bei { $product } war.
mail-member-reported-done = Wer es auch war, ist abgemeldet, und das Mitglied wird durch alles Weitere geführt. Fragen Sie nach, was geschehen ist, und sehen Sie im Audit-Log nach, was vorher mit dem Konto getan wurde.

# „Waren Sie das?“
report-title = Waren Sie das?
report-lead-sign-in = Jemand hat sich beim Konto { $address } angemeldet:
report-lead-factor = Beim Konto { $address } wurde eine Anmeldemethode hinzugefügt:
report-lead-factor-removed = Beim Konto { $address } wurde eine Anmeldemethode entfernt:
report-lead-password-changed = Das Passwort des Kontos { $address } wurde geändert:
report-lead-backup-codes-made = Für das Konto { $address } wurden neue Backup-Codes erstellt:
report-lead-backup-code-used = Jemand hat sich beim Konto { $address } mit einem Backup-Code angemeldet:
report-me = Ja, das war ich
report-not-me = Das war ich nicht
report-what-happens = Wenn Sie es nicht waren, melden wir alle Geräte ab und sperren das Passwort. Wenn Sie zu einer Organisation gehören, informieren wir deren Administration. Danach wählen Sie ein neues Passwort.
report-what-happens-factor = Wenn Sie es nicht waren, entfernen wir sie, melden alle Geräte ab und sperren das Passwort. Wenn Sie zu einer Organisation gehören, informieren wir deren Administration. Danach wählen Sie ein neues Passwort.
report-what-happens-held = Hier wissen wir nur, dass Sie dieses Postfach haben. Deshalb ruhen die eingerichteten zweiten Schritte drei Tage lang und werden danach entfernt. Antworten Sie in einem anderen Browser, mit dem Sie sich seit einem Monat oder länger anmelden, dann werden sie sofort entfernt.
reported-held = Die eingerichteten zweiten Schritte ruhen. Wenn es Ihre sind, melden Sie sich mit einem davon an, dann bleiben sie. Wenn nicht, werden sie am { $at } entfernt; von da an genügt Ihr neues Passwort.
reported-confirmed = Danke, wir haben es notiert
reported-confirmed-lead = Sie müssen nichts weiter tun.
reported-confirmed-next = Zu Ihrem Konto
reported-stopped = Wir haben es gestoppt
reported-stopped-lead = Alle Geräte sind abgemeldet, und das alte Passwort gilt nicht mehr. Wählen Sie jetzt ein neues und melden Sie sich an – wir helfen Ihnen, den Rest zu prüfen.
reported-stopped-next = Neues Passwort wählen
reported-stopped-without-password = Wir haben es gestoppt
reported-stopped-without-password-lead = Alle Geräte sind abgemeldet. Melden Sie sich neu an – wir helfen Ihnen, den Rest zu prüfen.
reported-stopped-without-password-next = Anmelden

# Hinweise
alert-session-idle = Sie hatten sie eine Weile nicht benutzt. Melden Sie sich wieder an, um weiterzumachen.
    .title = Zum Schutz Ihres Kontos wurde Ihre Sitzung beendet.
alert-session-expired = Eine Anmeldung gilt nur eine gewisse Zeit. Melden Sie sich wieder an, um weiterzumachen.
    .title = Ihre Anmeldung ist abgelaufen.
alert-session-ended-elsewhere = Wenn Sie das nicht waren, ändern Sie nach der Anmeldung Ihr Passwort.
    .title = Sie haben dieses Gerät von einem anderen aus abgemeldet.
alert-session-ended-by-password = Melden Sie sich mit dem neuen an.
    .title = Ihr Passwort wurde geändert, darum wurde dieses Gerät abgemeldet.
alert-session-ended-by-factor = Melden Sie sich wieder an, um weiterzumachen.
    .title = Ihre zweiten Schritte wurden geändert, darum wurde dieses Gerät abgemeldet.
alert-session-ended-by-device = Melden Sie sich wieder an, um weiterzumachen.
    .title = Dieses Gerät wurde aus Ihrem Konto entfernt.
alert-session-ended-by-report = Wenn das Konto Ihnen gehört, wählen Sie über „Passwort vergessen?“ ein neues Passwort.
    .title = Für dieses Konto wurde etwas Ungewöhnliches gemeldet, darum wurden alle Geräte abgemeldet.
alert-session-too-many = Melden Sie sich wieder an, um weiterzumachen.
    .title = Ihr Konto war auf zu vielen Geräten angemeldet, darum wurde das älteste abgemeldet.
alert-device-renamed = Sie finden es unter dem neuen Namen.
    .title = Gespeichert.
alert-device-untrusted = Die nächste Anmeldung dort fragt nach Ihrem zweiten Schritt.
    .title = Dem Gerät wird nicht mehr vertraut.
alert-device-forgotten = Es ist abgemeldet. Apps dort merken es nach bis zu 5 Minuten.
    .title = Das Gerät ist vergessen.
alert-device-disowned = Es ist abgemeldet, und die Administration Ihrer Organisation wird informiert. Gehen Sie jetzt diese Liste durch.
    .title = Danke für Ihre Meldung.
alert-account-secured = Sie haben getan, was hier zu tun ist.
    .title = Ihr Konto ist gesichert.
alert-finish-securing = Ein paar Schritte fehlen noch.
    .title = Die Sicherung Ihres Kontos ist noch nicht abgeschlossen.

# E-Mails
fact-tries = Fehlversuche
fact-from-addresses = Anzahl der Adressen
fact-first = Erster
fact-last = Letzter
mail-new-sign-in-subject = Neue Anmeldung bei Ihrem { $product }-Konto { $address }
mail-new-sign-in-title = Waren Sie das?
mail-new-sign-in-device = Jemand hat sich bei Ihrem { $product }-Konto { $address } mit einem Gerät angemeldet, das wir nicht kennen:
mail-new-sign-in-country = Jemand hat sich bei Ihrem { $product }-Konto { $address } aus einem Land angemeldet, das für Sie neu ist:
mail-new-sign-in-note = Beide Links öffnen eine Seite, die noch einmal fragt; vorher geschieht nichts. Sie gelten 7 Tage.
mail-many-failures-subject = { $product }: viele fehlgeschlagene Anmeldungen bei Ihrem Konto
mail-many-failures-title = Viele fehlgeschlagene Anmeldungen
mail-many-failures-text =
    { $count ->
        [one] In der letzten Stunde hat jemand einmal ohne Erfolg versucht, sich bei Ihrem { $product }-Konto { $address } anzumelden.
       *[other] In der letzten Stunde hat jemand { $count }-mal ohne Erfolg versucht, sich bei Ihrem { $product }-Konto { $address } anzumelden.
    }
mail-many-failures-advice = Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht: Wir bremsen solche Versuche, und mit Ihren eigenen Geräten können Sie sich weiter anmelden. Prüfen Sie, ob Sie Ihr Passwort wirklich nirgends sonst benutzen.
mail-many-failures-note = Wir schreiben Ihnen höchstens einmal in der Stunde.
alert-factors-on-hold = Melden Sie sich mit Ihrem Passwort an und verwenden Sie den Passkey als zweiten Schritt.
    .title = Passkeys ruhen für dieses Konto.
alert-factors-put-off = Die Entfernung wurde um drei Tage verschoben. Melden Sie sich mit Ihrem Passwort an und verwenden Sie den Passkey als zweiten Schritt. Wenn jemand anders Ihre E-Mails liest, wenden Sie sich an Ihre Administration.
    .title = Passkeys ruhen für dieses Konto.
alert-factors-going = Jemand hat angegeben, dass sie verloren sind. Sie bleiben, wenn Sie sich mit einem davon anmelden oder hier angeben, dass Sie sie noch haben:
    .title = Alle Ihre zweiten Schritte werden bald entfernt.
secure-go-on = Konto sichern

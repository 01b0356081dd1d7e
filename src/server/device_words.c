/* device_words.c — see device_words.h. */
#include "device_words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hacktiv/base.h"

static const struct { const char *code, *name; } languages[PAGE_LANGUAGES] = {
	[PAGE_FRENCH] = { "fr", "Français" }, [PAGE_DUTCH] = { "nl", "Nederlands" }, [PAGE_GERMAN] = { "de", "Deutsch" },
	[PAGE_ENGLISH] = { "en", "English" },
};

static const char *const words[DEVICE_WORDS][PAGE_LANGUAGES] = {
	[WORD_TITLE] = { "Connecter un appareil", "Een toestel aanmelden", "Ein Gerät anmelden", "Connect a device" },
	[WORD_CODE_LEAD] = { "Tapez le code que montre votre terminal.", "Tik de code in die uw terminal toont.",
		"Geben Sie den Code ein, den Ihr Terminal zeigt.", "Type the code that your terminal shows." },
	[WORD_CODE] = { "Code", "Code", "Code", "Code" },
	[WORD_CODE_HINT] = { "Huit lettres, par exemple WDJB-MJHT. Majuscules et tiret ne comptent pas.",
		"Acht letters, bijvoorbeeld WDJB-MJHT. Hoofdletters en streepje tellen niet.",
		"Acht Buchstaben, zum Beispiel WDJB-MJHT. Großschreibung und Bindestrich zählen nicht.",
		"Eight letters, for example WDJB-MJHT. Capitals and the hyphen do not matter." },
	[WORD_CONTINUE] = { "Continuer", "Verder", "Weiter", "Continue" },
	[WORD_LOGIN_TITLE] = { "Qui êtes-vous ?", "Wie bent u?", "Wer sind Sie?", "Who are you?" },
	[WORD_LOGIN_LEAD] = { "Identifiez-vous pour répondre à l’appareil qui montre le code %s.",
		"Meld u aan om te antwoorden op het toestel dat de code %s toont.",
		"Melden Sie sich an, um dem Gerät zu antworten, das den Code %s zeigt.",
		"Log in to answer the device that shows the code %s." },
	[WORD_LOGIN] = { "Identifiant", "Gebruikersnaam", "Benutzername", "Login" },
	[WORD_PASSWORD] = { "Mot de passe", "Wachtwoord", "Passwort", "Password" },
	[WORD_LOG_IN] = { "S’identifier", "Aanmelden", "Anmelden", "Log in" },
	[WORD_CONFIRM_TITLE] = { "Laisser entrer cet appareil ?", "Dit toestel toelaten?", "Dieses Gerät zulassen?", "Let this device in?" },
	[WORD_CONFIRM_LEAD] = { "Un appareil demande à agir en votre nom.", "Een toestel vraagt om in uw naam te handelen.",
		"Ein Gerät möchte in Ihrem Namen handeln.", "A device asks to act in your name." },
	[WORD_PROGRAM] = { "Programme", "Programma", "Programm", "Program" },
	[WORD_ASKED_AT] = { "Demandé le", "Gevraagd op", "Angefragt am", "Asked on" },
	[WORD_ASKED_FROM] = { "Depuis", "Vanaf", "Von", "From" },
	[WORD_HERE] = { "la machine du serveur", "de machine van de server", "dem Rechner des Servers", "the server’s own machine" },
	[WORD_FOR] = { "Au nom de", "In naam van", "Im Namen von", "In the name of" },
	[WORD_MAY] = { "Il pourra", "Het mag dan", "Es darf dann", "It may then" },
	[WORD_WARNING] = { "Acceptez seulement si c’est vous qui avez commencé cette connexion, à l’instant, sur un appareil que vous voyez. "
		"Si quelqu’un vous a envoyé ce code, refusez.",
		"Aanvaard alleen als u deze aanmelding zelf bent begonnen, zonet, op een toestel dat u voor u ziet. "
		"Heeft iemand u deze code gestuurd, weiger dan.",
		"Stimmen Sie nur zu, wenn Sie diese Anmeldung selbst begonnen haben, gerade eben, an einem Gerät, das Sie vor sich sehen. "
		"Hat Ihnen jemand diesen Code geschickt, lehnen Sie ab.",
		"Accept only if you started this yourself, just now, on a device that you can see. If somebody sent you this code, refuse." },
	[WORD_ALLOW] = { "Accepter", "Aanvaarden", "Zulassen", "Accept" },
	[WORD_DENY] = { "Refuser", "Weigeren", "Ablehnen", "Refuse" },
	[WORD_ALLOWED_TITLE] = { "C’est fait", "Klaar", "Erledigt", "Done" },
	[WORD_ALLOWED] = { "Votre appareil est connecté dans quelques secondes. Vous pouvez fermer cette page.",
		"Uw toestel is over enkele seconden aangemeld. U kunt deze pagina sluiten.",
		"Ihr Gerät ist in wenigen Sekunden angemeldet. Sie können diese Seite schließen.",
		"Your device is connected in a few seconds. You may close this page." },
	[WORD_DENIED_TITLE] = { "Refusé", "Geweigerd", "Abgelehnt", "Refused" },
	[WORD_DENIED] = { "L’appareil n’entre pas. Si vous n’aviez rien demandé, changez votre mot de passe : quelqu’un l’a peut-être.",
		"Het toestel komt er niet in. Had u niets gevraagd, verander dan uw wachtwoord: misschien heeft iemand het.",
		"Das Gerät kommt nicht hinein. Wenn Sie nichts angefragt hatten, ändern Sie Ihr Passwort: vielleicht hat es jemand.",
		"The device does not get in. If you had not asked for anything, change your password: somebody may have it." },
	[WORD_PROBLEM] = { "Il y a un problème", "Er is een probleem", "Es gibt ein Problem", "There is a problem" },
	[WORD_CODE_WRONG] = { "Un code a huit lettres, sans voyelle et sans chiffre. Regardez encore une fois votre terminal.",
		"Een code heeft acht letters, zonder klinkers of cijfers. Kijk nog eens op uw terminal.",
		"Ein Code hat acht Buchstaben, ohne Vokale und Ziffern. Sehen Sie noch einmal auf Ihr Terminal.",
		"A code has eight letters, without vowels or digits. Look at your terminal once more." },
	[WORD_CODE_UNKNOWN] = { "Ce code n’attend pas de réponse. Il vaut un quart d’heure et ne sert qu’une fois : demandez-en un autre.",
		"Op deze code wordt niet gewacht. Hij geldt een kwartier en één keer: vraag een andere.",
		"Dieser Code wartet auf keine Antwort. Er gilt eine Viertelstunde und nur einmal: fragen Sie einen anderen an.",
		"This code does not wait for an answer. It is good for a quarter of an hour and once only: ask for another." },
	[WORD_LOGIN_MISSING] = { "Tapez votre identifiant.", "Tik uw gebruikersnaam in.", "Geben Sie Ihren Benutzernamen ein.",
		"Type your login." },
	[WORD_PASSWORD_MISSING] = { "Tapez votre mot de passe.", "Tik uw wachtwoord in.", "Geben Sie Ihr Passwort ein.", "Type your password." },
	[WORD_LOGIN_WRONG] = { "Cet identifiant et ce mot de passe ne vont pas ensemble.", "Deze gebruikersnaam en dit wachtwoord horen niet bij elkaar.",
		"Dieser Benutzername und dieses Passwort gehören nicht zusammen.", "This login and this password do not go together." },
	[WORD_TOO_MANY] = { "Trop d’essais. Attendez un quart d’heure, puis recommencez.", "Te veel pogingen. Wacht een kwartier en begin opnieuw.",
		"Zu viele Versuche. Warten Sie eine Viertelstunde und beginnen Sie von vorn.",
		"Too many tries. Wait for a quarter of an hour, then begin again." },
	[WORD_OVER] = { "Cette page a expiré. Recommencez avec le code.", "Deze pagina is verlopen. Begin opnieuw met de code.",
		"Diese Seite ist abgelaufen. Beginnen Sie noch einmal mit dem Code.", "This page is out of date. Begin again with the code." },
	[WORD_AGAIN] = { "Taper un autre code", "Een andere code intikken", "Einen anderen Code eingeben", "Type another code" },
	[WORD_SCOPE_BOOKINGS] = { "voir vos réservations et inscriptions", "uw reservaties en inschrijvingen zien",
		"Ihre Buchungen und Anmeldungen sehen", "see your bookings and sign-ups" },
	[WORD_SCOPE_BOOKINGS_WRITE] = { "réserver, annuler et vous inscrire", "reserveren, annuleren en u inschrijven",
		"buchen, absagen und Sie anmelden", "book, cancel and sign you up" },
	[WORD_SCOPE_DIRECTORY] = { "chercher dans l’annuaire", "in de ledenlijst zoeken", "im Verzeichnis suchen", "search the directory" },
	[WORD_SCOPE_PROFILE_WRITE] = { "changer votre fiche", "uw profiel wijzigen", "Ihr Profil ändern", "change your profile" },
	[WORD_SCOPE_STAFF] = { "agir dans vos rôles d’équipe", "handelen in uw rol van medewerker", "in Ihrer Rolle als Personal handeln",
		"act in your roles as staff" },
	[WORD_SCOPE_STATS] = { "lire les statistiques", "statistieken lezen", "Statistiken lesen", "read statistics" },
	[WORD_LANGUAGES] = { "Langue", "Taal", "Sprache", "Language" },
};
_Static_assert(WORD_LANGUAGES + 1 == DEVICE_WORDS, "DEVICE_WORDS counts the rows");

const char *device_word(enum page_language language, enum device_word word)
{
	return words[word][language];
}

const char *page_language_code(enum page_language language)
{
	return languages[language].code;
}

const char *page_language_name(enum page_language language)
{
	return languages[language].name;
}

bool page_language_from_code(const char *code, size_t length, enum page_language *language)
{
	for (size_t i = 0; i < PAGE_LANGUAGES; i++)
		if (length == strlen(languages[i].code) && strncasecmp(code, languages[i].code, length) == 0) {
			*language = (enum page_language)i;
			return true;
		}
	return false;
}

/* Thousandths of ";q=0.8"; 1000 when nothing is said (RFC 9110, 12.4.2). */
static int quality(const char *range, size_t length)
{
	const char *at = memchr(range, ';', length), *end = range + length;
	while (at && at < end && *at != '=')
		at++;
	if (!at || at >= end)
		return 1000;
	int thousandths = 0, unit = 1000;
	for (at++; at < end && unit > 0; at++) {
		if (isdigit((unsigned char)*at)) {
			thousandths += (*at - '0') * unit;
			unit /= 10;
		} else if (*at != '.' && *at != ' ') {
			break;
		}
	}
	return thousandths < 1000 ? thousandths : 1000;
}

enum page_language page_language_accepted(const char *accept)
{
	enum page_language best = PAGE_FRENCH, here;
	int best_quality = 0;
	while (accept && *accept) {
		accept += strspn(accept, " \t,");
		size_t length = strcspn(accept, ","), tag = strcspn(accept, "-;, \t");
		int liked = quality(accept, length);
		if (liked > best_quality && page_language_from_code(accept, tag, &here)) {
			best = here;
			best_quality = liked;
		}
		accept += length;
	}
	return best;
}

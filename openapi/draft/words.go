package draft

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"example.org/conform/openapi/survey"
)

// spell takes a name apart into small words: createAPIToken, create_api_token and create-api-token are "create api token".
func spell(name string) string {
	var spelt strings.Builder
	runes := []rune(name)
	for i, c := range runes {
		switch {
		case !unicode.IsLetter(c) && !unicode.IsDigit(c):
			spelt.WriteRune(' ')
			continue
		case unicode.IsUpper(c) && i > 0 && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsUpper(runes[i-1]) && unicode.IsLower(runes[i+1])):
			spelt.WriteRune(' ')
		}
		spelt.WriteRune(unicode.ToLower(c))
	}
	return strings.Join(strings.Fields(spelt.String()), " ")
}

// fold is a name without what separates its words.
func fold(name string) string { return strings.ReplaceAll(spell(name), " ", "") }

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// named are the words by which an operation is named: its path without parameters, and its operationId.
func named(o *survey.Operation) string {
	return " " + spell(placeholder.ReplaceAllString(o.Path, " ")) + " · " + spell(o.ID) + " "
}

// said are those with its summary.
func said(o *survey.Operation) string { return named(o) + "· " + spell(o.Summary) + " " }

// lastWord is the last part of the path that is no parameter.
func lastWord(path string) string {
	parts := strings.FieldsFunc(placeholder.ReplaceAllString(path, ""), func(c rune) bool { return c == '/' })
	if len(parts) == 0 {
		return ""
	}
	return fold(parts[len(parts)-1])
}

// What operations that bear on credentials are called.
var (
	likeLogin   = words(`log ?in|sign ?in|log ?on|sign ?on|authenticat\w*|auth|acquire|obtain`)
	otherLogin  = words(`sign ?up|regist\w*|reset\w*|forg[eo]t\w*|recover\w*|confirm\w*|verif\w*|invit\w*|chang\w*|otp|totp|mfa|tfa|2 ?fa|factor|hooks?|webhooks?|callback|saml|sso|social|magic|passkeys?|webauthn|device|impersonat\w*|admin`)
	likeRefresh = words(`refresh\w*|renew\w*|extend\w*|prolong\w*|re ?issue\w*|rotate\w*`)
	likeLogout  = words(`log ?out|log ?off|sign ?out|sign ?off`)
	likeEnd     = words(`revoke\w*|invalidat\w*|terminat\w*|destroy\w*|end|delete\w*|close|release\w*|expire|remove\w*`)
	likeAll     = words(`all|everywhere|every|others`)
	likeCheck   = words(`introspect\w*|token ?info|check|validat\w*|verif\w*`)
	credentials = words(`sessions?|tokens?|tickets?|auth|logins?|credentials?|auth ?sessions?|jwt`)
	likeSelf    = words(`who ?am ?i|me|myself|self|user ?info|my ?profile|current|logged ?in|current ?user|authenticated ?user`)
	ofOthers    = words(`users?|admin|members?|accounts?|hooks?|deploy|keys?|invitations?|scim|passwords?|reset|registration|device|push|refresh|app|apps|installation`)
	people      = words(`users?|accounts?|sessions?|profiles?|auth`)
)

func words(pattern string) *regexp.Regexp { return regexp.MustCompile(` (?:` + pattern + `) `) }

// of is the first of what a text says of something, "" where it says nothing.
func of(like *regexp.Regexp, text string) string {
	return strings.TrimSpace(like.FindString(text))
}

// Names of members, without what separates their words, the likeliest first.
var (
	passwords = []string{"password", "passwd", "pwd", "passphrase", "userpassword", "loginpassword", "pass", "pw"}
	usernames = []string{"username", "login", "loginname", "user", "userid", "email", "emailaddress", "identity", "identifier", "useridentifier", "account", "accountname", "name", "phone"}
	values    = []string{
		"accesstoken", "authtoken", "authenticationtoken", "authorizationtoken", "sessiontoken", "bearertoken", "apitoken", "usertoken", "token",
		"jwt", "accessjwt", "sessionid", "sessionkey", "ticket", "authticket", "sid", "idtoken", "access", "apikey", "key",
	}
	refreshers = []string{"refreshtoken", "refresh", "renewtoken", "renewaltoken", "refreshjwt"}
	moments    = []string{"expiresat", "expiresatutc", "expires", "expiry", "expiration", "expirationdate", "expirationtime", "expiredat", "expireat", "validuntil", "validto", "notafter", "exp", "endsat"}
	spans      = []string{"expiresin", "expiresinms", "ttl", "maxage", "validfor", "lifetime", "tokenttl", "expirein"}
	handles    = []string{"id", "sessionid", "tokenid", "uuid", "uid", "jti"}
	verdicts   = []string{"active", "valid", "isvalid", "authenticated", "isauthenticated", "loggedin", "isloggedin"}
)

// rank is how likely a name is, 0 for the likeliest, and below 0 for none of them.
func rank(names []string, name string) int { return slices.Index(names, fold(name)) }

// likeliest is the member of a body that is most likely called so, of those that fit.
func likeliest(b *survey.Body, names []string, fits func(survey.Member) bool) (survey.Member, bool) {
	best, found := survey.Member{}, -1
	if b == nil {
		return best, false
	}
	for _, m := range b.Members {
		// What is deeper, and what stands in one alternative alone, comes after what is not.
		at := rank(names, m.Name)
		if at < 0 || !fits(m) {
			continue
		}
		at += 100 * (strings.Count(m.Pointer, "/") - 1)
		if found < 0 || at < found {
			best, found = m, at
		}
	}
	return best, found >= 0
}

func isText(m survey.Member) bool {
	return m.Type == "string" || m.Type == "" && len(m.Node.Members) < 4
}

func isTop(m survey.Member) bool { return isText(m) && strings.Count(m.Pointer, "/") == 1 }

func anyType(survey.Member) bool { return true }

// clean is a word of the document as it stands in a sentence of ours: on one line, and not too long.
func clean(text string) string {
	text = printable(text)
	if runes := []rune(text); len(runes) > 80 {
		text = string(runes[:80]) + "…"
	}
	return text
}

// printable is a text without what no comment may hold.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) || c == ' ' {
			return c
		}
		return '·'
	}, strings.ToValidUTF8(text, "·"))
}

package target

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	missing := filepath.Join(folder, "none.pem")
	account := "account: {username: u, password: " + password + "}\n"
	whole := "url: https://h/restApi\n" + account
	unreadable := "not readable as YAML or JSON; look for an open quote or bracket, a wrong indent, or a text that needs single quotes"
	names := "another, disabled, ended, lapsed, lockedOut, longPassword, nonAdmin, oddPassword, passwordExpired"
	for name, tt := range map[string]struct{ text, want string }{
		"nothing":           {"", "empty; it must have at least url and account"},
		"a comment alone":   {"# nothing\n", "empty; it must have at least url and account"},
		"a list":            {"- a\n", ":1:1: must be a mapping of keys to values"},
		"a text":            {password + "\n", ":1:1: must be a mapping of keys to values"},
		"two documents":     {whole + "---\n" + whole, ":4:1: a second document; keep one"},
		"another encoding":  {"u\xff\n", "not UTF-8 text; save it as UTF-8"},
		"a huge file":       {whole + strings.Repeat("#", maxFile), "larger than 65536 bytes; that is no target file"},
		"an open quote":     {"url: https://h\naccount: {username: u, password: \"" + password + "\n", ":2:34: " + unreadable},
		"a wrong escape":    {"url: https://h\naccount: {username: u, password: \"\\q" + password + "\"}\n", ":2:36: " + unreadable},
		"a reserved letter": {"url: https://h\naccount: {username: u, password: @" + password + "}\n", ":2:34: " + unreadable},
		"an open brace":     {"url: https://h\naccount: {username: u, password: " + password + "\n", ":2:10: " + unreadable},

		"an unknown key":                       {whole + "acount: x\n", `:3:1: unknown key "acount" (did you mean account?); known are account, accounts, authorizationScheme, instances, kerberos, lifetimes, limits, maxWait, probe, profile, tls, url`},
		"an unknown key in a mapping":          {whole + "limits:\n  badlogin: 1\n", `:4:3: limits: unknown key "badlogin" (did you mean badLogins?); known are badLogins, badLoginsInARow, concurrency, refusedLogins, requestsPerSecond, timeout`},
		"an unknown key by the password":       {"url: https://h\naccount: {username: u, password: hun, " + password + ": x}\n", ":2:39: account: unknown key; known are authSource, domain, downLevelName, password, token, username"},
		"a misspelt password":                  {"url: https://h\naccount:\n  username: u\n  pasword: " + password + "\n", ":4:3: account: unknown key (did you mean password?); known are authSource, domain, downLevelName, password, token, username"},
		"an unknown account":                   {whole + "accounts: {lockedout: {username: a, password: b}}\n", `:3:12: accounts: unknown key "lockedout" (did you mean lockedOut?); known are ` + names},
		"a domain of a named account":          {whole + "accounts: {disabled: {username: a, password: b, domain: c}}\n", ":3:49: accounts.disabled: unknown key; known are downLevelName, password, token, username"},
		"a down-level name of another account": {whole + "accounts: {disabled: {username: a, password: b, downLevelName: c}}\n", ":3:64: accounts.disabled.downLevelName: must have the form DOMAIN\\user (in double quotes, YAML and JSON want \\\\)"},
		"a key twice":                          {whole + "maxWait: 1s\nmaxWait: 2s\n", ":4:1: maxWait: stands twice; keep one"},
		"a password twice":                     {"url: https://h\naccount:\n  password: a\n  password: " + password + "\n", ":4:3: account.password: stands twice; keep one"},
		"a merge key":                          {whole + "<<: {maxWait: 1s}\n", ":3:1: a key must be a plain text"},
		"an alias":                             {"url: &x https://h\naccount: {username: u, password: " + password + "}\n", ":1:6: url: must be a text; put it in quotes (anchors, aliases and tags are not read)"},
		"a mapping for a text":                 {"url: {a: b}\n" + account, ":1:6: url: must be a text; put it in quotes (anchors, aliases and tags are not read)"},
		"a text for a mapping":                 {"url: https://h\naccount: " + password + "\n", ":2:10: account: must be a mapping of keys to values"},
		"a text for a list":                    {whole + "instances: https://a\n", ":3:12: instances: must be a list; put a dash before each item, or all between [ and ]"},

		"an unset variable":      {"url: https://h\naccount: {username: u, password: \"${NONE}\"}\n", ":2:34: account.password: environment variable NONE is not set; set it, or write $${ for a literal ${"},
		"an unset variable deep": {whole + "instances:\n  - https://a\n  - https://${NONE}\n", ":5:5: instances[1]: environment variable NONE is not set; set it, or write $${ for a literal ${"},
		"an open variable":       {"url: https://h\naccount: {username: u, password: \"${" + password + "\"}\n", ":2:34: account.password: ${ must be followed by the name of an environment variable and }; write $${ for a literal ${"},
		"an empty variable":      {"url: https://h\naccount: {username: u, password: \"${EMPTY}\"}\n", ":2:34: account.password: is missing or empty"},

		"no url":                   {account, ":1:1: url: is missing; give the base URL of the API, such as https://host.example.com/restApi"},
		"a url without a scheme":   {"url: h/restApi\n" + account, ":1:6: url: must begin with https:// or http://"},
		"another scheme":           {"url: ftp://h\n" + account, ":1:6: url: must begin with https:// or http://"},
		"a url without a host":     {"url: https:///restApi\n" + account, ":1:6: url: has no host; write it as https://host.example.com/path"},
		"a url with a password":    {"url: https://u:" + password + "@h\n" + account, ":1:6: url: must hold no credentials, since URLs are printed; put them under account"},
		"a url with a user":        {"url: https://u@h\n" + account, ":1:6: url: must hold no credentials, since URLs are printed; put them under account"},
		"a broken url":             {"url: 'https://u:" + password + "@[h'\n" + account, ":1:6: url: is not a URL; write it as https://host.example.com/path"},
		"a url with a query":       {"url: https://h/?\n" + account, ":1:6: url: must have no query and no fragment; leave off everything from ? or # on"},
		"a url with a fragment":    {"url: 'https://h/#x'\n" + account, ":1:6: url: must have no query and no fragment; leave off everything from ? or # on"},
		"a url with a blank":       {"url: https://h/a b\n" + account, ":1:6: url: must have no blank in it"},
		"a port that is too large": {"url: https://h:65536\n" + account, ":1:6: url: has a port outside 1 to 65535"},
		"an unknown profile":       {"profile: adaxes-2024.1\n" + whole, `:1:10: profile: unknown profile "adaxes-2024.1" (did you mean adaxes-2025.1?); known are `},

		"no account":                   {"url: https://h\n", ":1:1: account: is missing or empty; it must have username and password"},
		"an empty account":             {"url: https://h\naccount:\n", ":2:1: account: is missing or empty; it must have username and password"},
		"no username":                  {"url: https://h\naccount: {password: " + password + "}\n", ":2:10: account.username: is missing or empty"},
		"a null password":              {"url: https://h\naccount: {username: u, password: null}\n", ":2:24: account.password: is missing or empty"},
		"a username with a line break": {"url: https://h\naccount: {username: \"u\\n\", password: " + password + "}\n", ":2:21: account.username: holds a control character, or is not UTF-8 text"},
		"a down-level name without \\": {"url: https://h\naccount: {username: u, password: x, downLevelName: svc}\n", `:2:52: account.downLevelName: must have the form DOMAIN\user (in double quotes, YAML and JSON want \\)`},
		"a named account without one":  {whole + "accounts:\n  disabled: {username: a}\n", ":4:13: accounts.disabled.password: is missing or empty"},
		"the account as a named one":   {whole + "accounts: {disabled: {username: U, password: b}}\n", ":3:33: accounts.disabled.username: is the one of account, which must be an account that can log on; name another"},

		"a long password of 72 bytes":       {whole + "accounts: {longPassword: {username: a, password: " + strings.Repeat("ü", 36) + "}}\n", ":3:50: accounts.longPassword.password: must have more than 72 bytes"},
		"an odd password with a line break": {whole + "accounts: {oddPassword: {username: a, password: \"+\\nx\"}}\n", ":3:49: accounts.oddPassword.password: must hold no control character: not every way to log in can send one"},

		"a probe that changes":          {whole + "probe: {method: DELETE, path: /x}\n", ":3:17: probe.method: must be GET, HEAD or POST; the probe reads, and changes nothing"},
		"a probe without a path":        {whole + "probe: {method: GET}\n", ":3:8: probe.path: must begin with a slash; it follows url"},
		"a probe without a slash":       {whole + "probe: {path: api/x}\n", ":3:15: probe.path: must begin with a slash; it follows url"},
		"a probe above the url":         {whole + "probe: {path: /a/../../x}\n", ":3:15: probe.path: leads out of url; it must name something below it"},
		"a probe above, encoded":        {whole + "probe: {path: /%2e%2e/x}\n", ":3:15: probe.path: leads out of url; it must name something below it"},
		"a probe beside the url":        {whole + "probe: {path: /../restApiOther}\n", ":3:15: probe.path: leads out of url; it must name something below it"},
		"a probe with a fragment":       {whole + "probe: {path: '/a#b'}\n", ":3:15: probe.path: must have no fragment; write # as %23"},
		"a probe with a broken percent": {whole + "probe: {path: '/a%zz'}\n", ":3:15: probe.path: cannot be a part of a URL; percent-encode what is special in it"},
		"a probe with a blank":          {whole + "probe: {path: '/a?x=b c'}\n", ":3:15: probe.path: cannot be a part of a URL; percent-encode what is special in it"},
		"a body for a GET":              {whole + "probe: {path: /a, body: x}\n", ":3:25: probe.body: is for the method POST alone; leave it out"},
		"a body that is a mapping":      {whole + "probe: {path: /a, body: {a: 1}}\n", ":3:25: probe.body: is for the method POST alone; leave it out"},

		"a lifetime without unit":  {whole + "lifetimes: {session: 10}\n", ":3:22: lifetimes.session: must be a duration with its unit, such as 90s or 10m"},
		"a secret for a duration":  {whole + "maxWait: " + password + "\n", ":3:10: maxWait: must be a duration with its unit, such as 90s or 10m"},
		"a negative lifetime":      {whole + "lifetimes: {token: -1s}\n", ":3:20: lifetimes.token: must not be negative"},
		"a negative wait":          {whole + "maxWait: -1s\n", ":3:10: maxWait: must not be negative"},
		"a negative timeout":       {whole + "limits: {timeout: -1s}\n", ":3:19: limits.timeout: must not be negative"},
		"a fraction of a login":    {whole + "limits: {badLogins: 1.5}\n", ":3:21: limits.badLogins: must be a whole number"},
		"negative logins":          {whole + "limits: {badLogins: -1}\n", ":3:21: limits.badLogins: must not be negative; 0 allows no wrong password"},
		"a rate that is no number": {whole + "limits: {requestsPerSecond: NaN}\n", ":3:29: limits.requestsPerSecond: must be 0 (unlimited) or more"},
		"a negative rate":          {whole + "limits: {requestsPerSecond: -1}\n", ":3:29: limits.requestsPerSecond: must be 0 (unlimited) or more"},
		"a text for a rate":        {whole + "limits: {requestsPerSecond: many}\n", ":3:29: limits.requestsPerSecond: must be a number"},

		"an instance that is no URL":       {whole + "instances: [https://a, b]\n", ":3:24: instances[1]: must begin with https:// or http://"},
		"an instance twice":                {whole + "instances: [https://a/, https://a]\n", ":3:25: instances[1]: is the same as instances[0]; list each instance once"},
		"a missing file":                   {whole + "tls: {caFile: '" + missing + "'}\n", ":3:15: tls.caFile: cannot be read: no such file or directory"},
		"a folder for a file":              {whole + "tls: {caFile: '" + folder + "'}\n", ":3:15: tls.caFile: cannot be read: it is a folder"},
		"a certificate alone":              {whole + "tls: {certFile: x}\n", ":3:6: tls: certFile and keyFile belong together; give both or neither"},
		"a truth that is none":             {whole + "tls: {insecureSkipVerify: maybe}\n", ":3:27: tls.insecureSkipVerify: must be true or false"},
		"kerberos without realm":           {whole + "kerberos: {kdc: k}\n", ":3:11: kerberos.realm: is missing"},
		"an unknown key in an own mapping": {whole + "kerberos: {relm: R}\n", `:3:12: kerberos: unknown key "relm" (did you mean realm?); known are kdc, keytab, realm`},
		"a text for an own mapping":        {whole + "kerberos: R\n", ":3:11: kerberos: must be a mapping of keys to values"},
		"a mapping for an own text":        {whole + "authorizationScheme: {a: b}\n", ":3:22: authorizationScheme: must be a text; put it in quotes (anchors, aliases and tags are not read)"},
		"a missing own file":               {whole + "kerberos: {realm: R, keytab: '" + missing + "'}\n", ":3:30: kerberos.keytab: cannot be read: no such file or directory"},
		"an unknown scheme":                {whole + "authorizationScheme: Bearer\n", ":3:22: authorizationScheme: must be vRealizeOpsToken or OpsToken"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := reader().Parse("target.yaml", []byte(tt.text), environment(map[string]string{"EMPTY": ""}))
			if err == nil {
				t.Fatal("no error")
			}
			got := err.Error()
			// What follows "known are" in the unknown profile grows with the catalogues.
			if rest, ok := strings.CutPrefix(got, "target.yaml"); !ok || strings.TrimLeft(rest, ": ") != strings.TrimLeft(tt.want, ": ") &&
				!(strings.HasSuffix(tt.want, "known are ") && strings.HasPrefix(rest, tt.want)) {
				t.Errorf("error\n%s, want\ntarget.yaml%s", got, tt.want)
			}
			if strings.Contains(got, "\n") {
				t.Errorf("more than one line: %q", got)
			}
			if strings.Contains(got, password) {
				t.Errorf("quotes the secret: %s", got)
			}
		})
	}
}

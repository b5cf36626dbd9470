package reports

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"example.org/conform/harness/evidence"
)

// Curl renders an exchange as a shell command that sends the same request again, and the names of the environment
// variables that it reads: a secret that evidence shows as ‹token-2› is $CONFORM_TOKEN_2. The command is for any
// POSIX shell and curl 7.43 or later (7.87 where a request has a body and a secret in its query as well).
//
// A variable holds the secret as it is, unencoded. The command encodes it for the place where it stands: in a query
// and in a form curl percent-encodes it, in a JSON string a sed command escapes quotes and backslashes (a secret with
// control characters in it cannot be sent that way). In a header, in a path and in plain text it is sent as it is.
// A Basic credential is one variable that holds the base64 text.
//
// What cannot be repeated exactly is said in comment lines before the command.
func Curl(e evidence.Exchange) (command string, variables []string) {
	before, command, variables := CurlParts(e)
	return strings.Join(append(before, command), "\n"), variables
}

// CurlParts is Curl with the lines before the command apart: remarks, and a shell function that the command needs.
func CurlParts(e evidence.Exchange) (before []string, command string, variables []string) {
	c := &curl{request: e.Request}
	c.build()
	slices.Sort(c.variables)
	return c.comments, strings.Join(c.arguments, " \\\n  "), slices.Compact(c.variables)
}

// curl is a command under construction.
type curl struct {
	request   evidence.Request
	arguments []string // the first is the command with its flags, each other one an option with its value
	comments  []string // whole lines before the command
	variables []string
}

func (c *curl) build() {
	address := restoredNames(c.request.URL)
	base, query, hasQuery := strings.Cut(address, "?")
	method := cmp.Or(c.request.Method, "GET")
	body := c.request.Body
	hasBody := body != nil && (body.Text != "" || body.Cut || body.Size > 0)
	encodeQuery := hasQuery && secretName.MatchString(query)

	first := "curl -sS -i"
	if method == "HEAD" && !hasBody {
		first = "curl -sS -I" // with -X HEAD curl would wait for a body
	} else if method != "GET" || hasBody {
		first += " -X " + c.word(method)
	}
	if strings.ContainsAny(base, "[]{}") || (!encodeQuery && strings.ContainsAny(query, "[]{}")) {
		first += " -g" // else curl reads them as a pattern of many URLs
	}
	if strings.Contains(base, "/./") || strings.Contains(base, "/../") || strings.HasSuffix(base, "/..") || strings.HasSuffix(base, "/.") {
		first += " --path-as-is"
	}
	c.arguments = append(c.arguments, first)

	if !encodeQuery {
		base = address
	}
	c.arguments = append(c.arguments, c.word(base))
	c.headers(hasBody)
	if encodeQuery {
		c.query(query, hasBody)
	}
	if hasBody {
		c.body(body)
	}
}

// query gives the query's parts to curl in their order, so that it encodes the secrets itself. -G makes a query of
// data, whatever the method; where there is a body as well the newer --url-query has to do it.
func (c *curl) query(query string, hasBody bool) {
	if hasBody {
		c.comments = append(c.comments, "# --url-query needs curl 7.87 or later")
		c.pairs(query, "--url-query", "+", "--url-query") // + takes the rest as it is
	} else {
		c.arguments = append(c.arguments, "-G")
		c.pairs(query, "--data-raw", "", "--data-urlencode")
	}
}

// pairs adds the parts of a query or a form: those with a secret for curl to encode, any other as it is, after the prefix.
func (c *curl) pairs(text, plain, prefix, encoded string) {
	for part := range strings.SplitSeq(text, "&") {
		name, value, _ := strings.Cut(part, "=")
		switch {
		case !secretName.MatchString(part):
			c.add(plain, prefix+part)
		case secretName.MatchString(name) || name == "":
			c.add(encoded, "="+unescaped(part)) // all of it is content to encode
		default:
			c.add(encoded, name+"="+unescaped(value))
		}
	}
}

func (c *curl) headers(hasBody bool) {
	for _, h := range c.request.Headers {
		name, value := http.CanonicalHeaderKey(h.Name), restoredNames(h.Value)
		switch {
		case slices.Contains([]string{"Content-Length", "Transfer-Encoding", "Accept-Encoding", "Connection"}, name),
			name == "Host" && strings.EqualFold(value, hostOf(c.request.URL)):
			// curl makes them itself from the rest of the command, or they would change what it shows
		case name == "Authorization" && bound.MatchString(value):
			c.windows(value)
		case value == "":
			c.add("-H", h.Name+";") // how curl is told to send a header with no value
		default:
			c.add("-H", h.Name+": "+value)
		}
	}
	// What curl would add unasked, and servers choose by; its User-Agent changes nothing that a check judges.
	if !c.sent("Accept") {
		c.add("-H", "Accept:")
	}
	if hasBody && !c.sent("Content-Type") {
		c.add("-H", "Content-Type:")
	}
	if !hasBody && slices.Contains([]string{"POST", "PUT", "PATCH"}, c.request.Method) {
		c.add("-H", "Content-Length: 0") // Go's client says that it sends nothing; some servers ask for that
	}
}

func (c *curl) sent(name string) bool {
	return slices.ContainsFunc(c.request.Headers, func(h evidence.Header) bool { return strings.EqualFold(h.Name, name) })
}

// bound are the schemes whose messages belong to one connection: they cannot be sent again, only made again.
var bound = regexp.MustCompile(`(?i)^\s*(NTLM|Negotiate)\b`)

func (c *curl) windows(value string) {
	option := "--negotiate"
	if strings.EqualFold(strings.Fields(value)[0], "NTLM") {
		option = "--ntlm"
	}
	c.arguments = append(c.arguments, option)
	if login := windowsLogin.FindStringSubmatch(value); login != nil {
		c.add("-u", login[1]+":"+login[2]) // without a password where it is an empty one
		return
	}
	c.arguments = append(c.arguments, `-u "${CONFORM_USERNAME:?}:${CONFORM_PASSWORD:?}"`)
	c.variables = append(c.variables, "CONFORM_USERNAME", "CONFORM_PASSWORD")
}

// windowsLogin is how evidence describes a login whose messages it cannot show: the account and the password.
var windowsLogin = regexp.MustCompile(`\(login of (.+) with (?:the password (‹[^›]+›)|an empty password), `)

// add adds an option and its value, in which every secret's name becomes a variable.
func (c *curl) add(option, value string) {
	c.arguments = append(c.arguments, option+" "+c.word(value))
}

func hostOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	return rest
}

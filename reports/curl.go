package reports

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
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
	c := NewCommand(e)
	lines := c.Remarks
	if c.Function != "" {
		lines = append(lines, c.Function)
	}
	return strings.Join(append(lines, c.String()), "\n"), c.Variables
}

// Command is the curl command of an exchange, in its parts.
type Command struct {
	Remarks   []string // comment lines
	Function  string   // a shell function that the command needs; most need none
	Arguments []string // quoted: the first is the command with its flags, each other one an option with its value
	Variables []string // those of the environment that it reads

	request evidence.Request
}

// String is the command without what stands before it, with a line for each argument.
func (c *Command) String() string { return strings.Join(c.Arguments, " \\\n  ") }

// NewCommand takes apart what Curl gives.
func NewCommand(e evidence.Exchange) *Command {
	c := &Command{request: e.Request}
	address := restoredNames(e.Request.URL)
	base, query, hasQuery := strings.Cut(address, "?")
	method, body := cmp.Or(e.Request.Method, "GET"), e.Request.Body
	hasBody := body != nil && (body.Text != "" || body.Cut || body.Size > 0)
	encodeQuery := hasQuery && secretName.MatchString(query)

	first := "curl -sS -i"
	if method == "HEAD" && !hasBody {
		first = "curl -sS -I" // with -X HEAD curl would wait for a body
	} else if method != "GET" || hasBody {
		first += " -X " + c.word(method)
	}
	first += version(e.Request)
	if strings.ContainsAny(base, "[]{}") || (!encodeQuery && strings.ContainsAny(query, "[]{}")) {
		first += " -g" // else curl reads them as a pattern of many URLs
	}
	if strings.Contains(base+"/", "/./") || strings.Contains(base+"/", "/../") {
		first += " --path-as-is"
	}
	if !encodeQuery {
		base = address
	}
	c.Arguments = append(c.Arguments, first, c.word(base))
	c.headers(hasBody)
	// -G makes a query of data, whatever the method; where there is a body as well the newer --url-query has to do it.
	switch {
	case encodeQuery && hasBody:
		c.Remarks = append(c.Remarks, "# --url-query needs curl 7.87 or later")
		c.pairs(query, "--url-query", "+", "--url-query") // + takes the rest as it is
	case encodeQuery:
		c.Arguments = append(c.Arguments, "-G")
		c.pairs(query, "--data-raw", "", "--data-urlencode")
	}
	if hasBody {
		c.body(body)
	}
	slices.Sort(c.Variables)
	c.Variables = slices.Compact(c.Variables)
	return c
}

// version is the option for the version of HTTP that a request went in. Left alone, curl offers HTTP/2 under TLS.
func version(r evidence.Request) string {
	switch {
	case !strings.HasPrefix(r.URL, "https:"):
		return ""
	case r.HTTP2 && !bound.MatchString(header(r.Headers, "Authorization")):
		return " --http2"
	}
	return " --http1.1"
}

// pairs adds the parts of a query or a form in their order: those with a secret for curl to encode, any other as it is,
// after the prefix.
func (c *Command) pairs(text, plain, prefix, encoded string) {
	for part := range strings.SplitSeq(text, "&") {
		name, value, _ := strings.Cut(part, "=")
		switch {
		case !secretName.MatchString(part):
			c.add(plain, prefix+part)
		case strings.Contains(unescaped(part), "\x00"): // which no argument can hold but as an escape
			c.Remarks = append(c.Remarks, "# beside a %00 the secret stands as it is: percent-encode what in it needs that")
			c.add(plain, prefix+part)
		case secretName.MatchString(name) || name == "":
			c.add(encoded, "="+unescaped(part)) // all of it is content to encode
		default:
			c.add(encoded, name+"="+unescaped(value))
		}
	}
}

// A field is one of a request's header section: line is how it is written.
type field struct{ name, value, line string }

// fields are the request's, as the check wrote them where it did, and target what its request line names then.
func (c *Command) fields() (all []field, target, version string) {
	if c.request.Head == "" {
		for _, h := range c.request.Headers {
			value := restoredNames(h.Value)
			all = append(all, field{h.Name, value, h.Name + ": " + value})
		}
		return all, "", ""
	}
	line, rest, _ := strings.Cut(c.request.Head, "\r\n")
	if parts := strings.Fields(line); len(parts) == 3 {
		target, version = restoredNames(parts[1]), parts[2]
	}
	for line := range strings.SplitSeq(strings.TrimRight(rest, "\r\n"), "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		all = append(all, field{name, restoredNames(strings.TrimSpace(value)), restoredNames(line)})
	}
	return all, target, version
}

func (c *Command) headers(hasBody bool) {
	sent := map[string]bool{}
	_, address, _ := strings.Cut(c.request.URL, "://")
	host, path := address, "/"
	if i := strings.IndexAny(address, "/?#"); i >= 0 {
		host, path = address[:i], address[i:]
	}
	all, target, version := c.fields()
	if target != "" && target != restoredNames(path) {
		c.add("--request-target", target)
		if secretName.MatchString(target) {
			c.Remarks = append(c.Remarks, "# in --request-target a secret stands as it is: percent-encode what in it needs that")
		}
	}
	if version == "HTTP/1.0" {
		c.Arguments = append(c.Arguments, "--http1.0")
	}
	for _, h := range all {
		name := http.CanonicalHeaderKey(h.name)
		sent[name] = true
		switch {
		case slices.Contains([]string{"Content-Length", "Accept-Encoding"}, h.name), name == "Host" && name == h.name && strings.EqualFold(h.value, host),
			name == "Connection" && h.value != "close", name == "Transfer-Encoding" && h.value != "chunked":
			// curl makes them itself from the rest of the command, or they would change what it shows
		case name == "Authorization" && bound.MatchString(h.value):
			c.windows(h.value)
		case h.value == "":
			c.add("-H", h.name+";") // how curl is told to send a header with no value
		default:
			c.add("-H", h.line)
		}
	}
	// What curl would add unasked, and servers choose by.
	if !sent["Accept"] {
		c.add("-H", "Accept:")
	}
	if !sent["User-Agent"] {
		c.add("-H", "User-Agent:")
	}
	if hasBody && !sent["Content-Type"] {
		c.add("-H", "Content-Type:")
	}
	if !hasBody && slices.Contains([]string{"POST", "PUT", "PATCH"}, c.request.Method) {
		c.add("-H", "Content-Length: 0") // Go's client says that it sends nothing; some servers ask for that
	}
}

// bound are the schemes whose messages belong to one connection: they cannot be sent again, only made again.
var bound = regexp.MustCompile(`(?i)^\s*(NTLM|Negotiate)\b`)

// windowsLogin is how evidence describes a login whose messages it cannot show: the account and the password.
var windowsLogin = regexp.MustCompile(`\(login of (.+) with (?:the password (‹[^›]+›)|an empty password), `)

func (c *Command) windows(value string) {
	option := "--negotiate"
	if strings.EqualFold(strings.Fields(value)[0], "NTLM") {
		option = "--ntlm"
	}
	c.Arguments = append(c.Arguments, option)
	if option == "--ntlm" {
		c.Remarks = append(c.Remarks, "# outside Windows curl's own NTLM sends a password beyond ASCII wrong (see its KNOWN_BUGS)")
	}
	if login := windowsLogin.FindStringSubmatch(value); login != nil {
		c.add("-u", login[1]+":"+login[2]) // without a password where it is an empty one
		return
	}
	c.Arguments = append(c.Arguments, `-u "${CONFORM_USERNAME:?}:${CONFORM_PASSWORD:?}"`)
	c.Variables = append(c.Variables, "CONFORM_USERNAME", "CONFORM_PASSWORD")
}

// jsonFunction escapes a secret for a JSON string.
const jsonFunction = `json() { printf %s "$1" | sed 's/[\\"]/\\&/g'; }`

func (c *Command) body(b *evidence.Body) {
	if b.Binary || b.Cut || b.Decoded != "" {
		size := verdict.Count(b.Size, "byte", "bytes")
		c.Remarks = append(c.Remarks, "# the evidence does not hold the whole body: put the "+size+" that were sent into body.bin")
		c.Arguments = append(c.Arguments, "--data-binary @body.bin")
		return
	}
	kind := strings.ToLower(header(c.request.Headers, "Content-Type"))
	secret := secretName.MatchString(b.Text)
	switch {
	case secret && strings.Contains(kind, "x-www-form-urlencoded"):
		c.pairs(b.Text, "--data-raw", "", "--data-urlencode")
	case secret && (strings.Contains(kind, "json") || looksLikeJSON.MatchString(b.Text)):
		c.Function = jsonFunction
		c.Arguments = append(c.Arguments, "--data-raw "+c.words(b.Text, `"$(json "${%s:?}")"`))
	default:
		c.add("--data-raw", b.Text)
	}
}

var looksLikeJSON = regexp.MustCompile(`^\s*[{["]`)

// add adds an option and its value, in which every secret's name becomes a variable.
func (c *Command) add(option, value string) {
	c.Arguments = append(c.Arguments, option+" "+c.word(value))
}

// secretName is the form in which evidence shows a secret.
var secretName = regexp.MustCompile(`‹([A-Za-z][A-Za-z0-9 ._-]*)›`)

// escapedName is the same after a URL library has percent-encoded it.
var escapedName = regexp.MustCompile(`(?i)%E2%80%B9([A-Za-z][A-Za-z0-9._-]*)%E2%80%BA`)

// restoredNames takes the percent-encoding from the names of secrets, and from nothing else.
func restoredNames(text string) string { return escapedName.ReplaceAllString(text, "‹$1›") }

// variable is the environment variable that stands for a secret's name.
func variable(name string) string {
	return "CONFORM_" + noVariable.ReplaceAllString(strings.ToUpper(name), "_")
}

var noVariable = regexp.MustCompile(`[^A-Z0-9]`)

// Quoted is a text in quotes, as one word for a shell. A single quote in it is written outside of them.
func Quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// plainWord needs no quotes in any shell.
var plainWord = regexp.MustCompile(`^[A-Z]+$`)

// word writes a text as one shell word: literal parts in single quotes, in which a shell reads nothing, and each
// secret's name as its variable in double quotes.
func (c *Command) word(text string) string { return c.words(text, `"${%s:?}"`) }

// words is word with another expansion of the variables.
func (c *Command) words(text, expansion string) string {
	if plainWord.MatchString(text) {
		return text
	}
	var b strings.Builder
	from := 0
	literal := func(to int) {
		if from < to {
			b.WriteString(Quoted(text[from:to]))
		}
	}
	for _, at := range secretName.FindAllStringSubmatchIndex(text, -1) {
		name := variable(text[at[2]:at[3]])
		c.Variables = append(c.Variables, name)
		literal(at[0])
		fmt.Fprintf(&b, expansion, name)
		from = at[1]
	}
	literal(len(text))
	return cmp.Or(b.String(), "''")
}

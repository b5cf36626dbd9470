package reports

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

// Script renders the exchanges of a check as one shell script that repeats them in their order, and the names of the
// environment variables that it needs. What one answer gives and a later request sends, a session or a token, the script
// takes from the answer that it gets itself; passwords are for the environment. It waits where the check waited. It is for
// any POSIX shell with curl and sed, and returns nothing for a check whose exchanges are not its own.
func Script(c *verdict.Check) (script string, variables []string) {
	if len(c.Exchanges) == 0 || slices.ContainsFunc(c.Exchanges, func(e evidence.Exchange) bool { return e.Purpose == evidence.Passing }) {
		return "", nil
	}
	s := scriptWriter{given: map[string]bool{}, ids: map[string]string{}}
	for _, e := range c.Exchanges {
		if id := pathID.FindStringSubmatch(e.Request.URL); id != nil {
			s.ids[id[1]] = ""
		}
	}
	var ended time.Time
	for i, e := range c.Exchanges {
		if wait := e.Started.Sub(ended); !ended.IsZero() && wait > longPause {
			fmt.Fprintf(&s, "\nsleep %d # the check waited here\n", int(math.Ceil(wait.Seconds())))
		}
		ended = e.Started.Add(time.Duration(e.DurationMs * float64(time.Millisecond)))
		s.step(i+1, e)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "#!/bin/sh\n# %s\n# %s\nset -u\n", evidence.OneLine(c.ID), evidence.OneLine(c.Title))
	for _, v := range slices.Sorted(maps.Keys(s.given)) {
		switch {
		case s.given[v]:
		case strings.HasPrefix(v, madeUp):
			fmt.Fprintf(&b, ": \"${%s:=conform-made-up}\" # any value that was never issued\n", v)
		default:
			fmt.Fprintf(&b, ": \"${%s:?set it first}\"\n", v)
			variables = append(variables, v)
		}
	}
	if s.json {
		b.WriteString(jsonFunction + "\n")
	}
	if s.member {
		b.WriteString(memberFunction + "\n")
	}
	b.WriteString(s.String())
	if c.Expected != "" {
		fmt.Fprintf(&b, "\n# expected: %s\n# the run got: %s\n",
			shortened(evidence.OneLine(c.Expected), 600), shortened(evidence.OneLine(c.Actual), 600))
	}
	return b.String(), variables
}

// longPause is the time between two exchanges from which the check has waited, and not only worked.
const longPause = 900 * time.Millisecond

// madeUp is how the variables of credentials begin that a check made up: any other value serves as well.
const madeUp = "CONFORM_MADE_UP_"

// memberFunction reads a text member of the JSON in an answer. Of JSON's escapes it knows those of a single character and
// that of the plus sign, which .NET escapes.
const memberFunction = `member() { sed -nE 's/.*"'"$1"'"[[:space:]]*:[[:space:]]*"(([^"\\]|\\.)*)".*/\1/p' | sed -e 's/\\u002[bB]/+/g' -e 's/\\\(.\)/\1/g' | head -n 1; }`

// scriptWriter holds the steps.
type scriptWriter struct {
	strings.Builder
	given        map[string]bool // variables: those that an answer gives, and those that the environment must
	json, member bool            // the functions that they need
	// ids are the numbers by which requests name what an answer gave, and the variables that hold the new ones. They are no
	// secrets, so that evidence has them as they were.
	ids   map[string]string
	named int
}

// pathID is a number at the end of an address.
var pathID = regexp.MustCompile(`/([0-9]+)$`)

// readID takes the first member id of an answer's object.
const readID = `grep -oE '"id" *: *[0-9]+' | head -n 1 | tr -dc 0-9`

// step writes one exchange: the command, what came in the run, and what is taken from the answer.
func (s *scriptWriter) step(number int, e evidence.Exchange) {
	c := NewCommand(e)
	for _, v := range c.Variables {
		if !s.given[v] {
			s.given[v] = false // the environment must give it, unless an answer has
		}
	}
	s.json = s.json || c.Function != ""
	command := c.String()
	if id := pathID.FindStringSubmatch(e.Request.URL); id != nil && s.ids[id[1]] != "" {
		command = strings.Replace(command, "/"+id[1]+"'", "/'\"$"+s.ids[id[1]]+"\"", 1)
	}
	fmt.Fprintf(s, "\necho; echo '# %d. %s: %s; the run got %s'\n", number, e.Purpose, wordsOnly.ReplaceAllString(e.Operation, ""),
		strings.ReplaceAll(shortened(evidence.OneLine(answer(e)), 200), "'", ""))
	for _, remark := range c.Remarks {
		s.WriteString(remark + "\n")
	}
	fmt.Fprintf(s, "answer=$(%s)\nprintf '%%s\\n' \"$answer\"\n", command)
	if e.Response != nil && e.Response.Body != nil && !e.Response.Body.Binary {
		s.take(e.Response.Body.Text)
	}
}

var wordsOnly = regexp.MustCompile(`[^A-Za-z0-9 ._-]`)

// secretMember is a member of the JSON in an answer that holds a secret, and idMember the one that readID reads.
var (
	secretMember = regexp.MustCompile(`"([A-Za-z0-9 ._-]+)"\s*:\s*"(` + secretName.String() + `)"`)
	idMember     = regexp.MustCompile(`"id" *: *([0-9]+)`)
)

// take writes where an answer's secrets are taken from.
func (s *scriptWriter) take(body string) {
	if text := strings.Trim(strings.TrimSpace(body), `"`); secretName.FindString(text) == text {
		s.secret(text, `tail -n 1 | tr -d '"'`)
		return
	}
	if id := idMember.FindStringSubmatch(body); id != nil {
		if name, wanted := s.ids[id[1]]; wanted && name == "" {
			s.named++
			s.ids[id[1]] = fmt.Sprintf("ID_%d", s.named)
			s.read(s.ids[id[1]], readID)
		}
	}
	for _, member := range secretMember.FindAllStringSubmatch(body, -1) {
		s.member = true
		s.secret(member[2], "member "+member[1])
	}
}

// secret takes a secret from an answer. One that the environment gives was there before the answer: the account's own
// password, sent back.
func (s *scriptWriter) secret(text, how string) {
	v := variable(strings.Trim(text, "‹›"))
	if given, known := s.given[v]; given || !known {
		s.given[v] = true
		s.read(v, how)
	}
}

// read reads a variable from the answer.
func (s *scriptWriter) read(variable, how string) {
	fmt.Fprintf(s, "%s=$(printf '%%s\\n' \"$answer\" | %s)\n", variable, how)
}

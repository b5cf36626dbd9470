package reports

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
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
	s := scriptWriter{known: map[string]bool{}, needed: map[string]bool{}, ids: map[string]string{}}
	for _, e := range c.Exchanges {
		if id := pathID.FindStringSubmatch(e.Request.URL); id != nil {
			s.ids[id[1]] = ""
		}
	}
	var ended time.Time
	for i, e := range c.Exchanges {
		if e.Purpose == evidence.Passing {
			return "", nil
		}
		if wait := e.Started.Sub(ended); !ended.IsZero() && wait > longPause {
			fmt.Fprintf(&s.steps, "\nsleep %d # the check waited here\n", int(math.Ceil(wait.Seconds())))
		}
		ended = e.Started.Add(time.Duration(e.DurationMs * float64(time.Millisecond)))
		s.step(i+1, e)
	}
	if len(c.Exchanges) == 0 {
		return "", nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "#!/bin/sh\n# %s\n# %s\nset -u\n", evidence.OneLine(c.ID), evidence.OneLine(c.Title))
	variables = slices.Sorted(maps.Keys(s.needed))
	for _, v := range variables {
		if strings.HasPrefix(v, madeUp) {
			fmt.Fprintf(&b, ": \"${%s:=conform-made-up}\" # any value that was never issued\n", v)
		} else {
			fmt.Fprintf(&b, ": \"${%s:?set it first}\"\n", v)
		}
	}
	variables = slices.DeleteFunc(variables, func(v string) bool { return strings.HasPrefix(v, madeUp) })
	if s.json {
		b.WriteString(jsonFunction + "\n")
	}
	if s.member {
		b.WriteString(memberFunction + "\n")
	}
	b.WriteString(s.steps.String())
	if c.Expected != "" {
		fmt.Fprintf(&b, "\n# expected: %s\n# the run got: %s\n", shortened(evidence.OneLine(c.Expected), 600), shortened(evidence.OneLine(c.Actual), 600))
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

type scriptWriter struct {
	steps        strings.Builder
	known        map[string]bool // variables that an answer has given
	needed       map[string]bool // those that the environment must give
	json, member bool
	// ids are the numbers by which requests name what an answer gave, and the variables that hold the new ones. They are no
	// secrets, so that evidence has them as they were.
	ids map[string]string
}

// pathID is a number at the end of an address.
var pathID = regexp.MustCompile(`/([0-9]+)$`)

// readID takes the first member id of an answer's object.
const readID = `grep -oE '"id" *: *[0-9]+' | head -n 1 | tr -dc 0-9`

// step writes one exchange: the command, what came in the run, and what is taken from the answer.
func (s *scriptWriter) step(number int, e evidence.Exchange) {
	before, command, variables := CurlParts(e)
	for _, v := range variables {
		if !s.known[v] {
			s.needed[v] = true
		}
	}
	var remarks strings.Builder
	for _, line := range before {
		if line == jsonFunction {
			s.json = true // once for the whole script
			continue
		}
		remarks.WriteString(line + "\n")
	}
	if id := pathID.FindStringSubmatch(e.Request.URL); id != nil && s.ids[id[1]] != "" {
		command = strings.Replace(command, "/"+id[1]+"'", "/'\"$"+s.ids[id[1]]+"\"", 1)
	}
	fmt.Fprintf(&s.steps, "\necho; echo '# %d. %s: %s; the run got %s'\n%sanswer=$(%s)\nprintf '%%s\\n' \"$answer\"\n",
		number, e.Purpose, wordsOnly.ReplaceAllString(e.Operation, ""), strings.ReplaceAll(shortened(evidence.OneLine(answer(e)), 200), "'", ""),
		&remarks, command)
	if e.Response != nil && e.Response.Body != nil && !e.Response.Body.Binary {
		s.take(e.Response.Body.Text)
	}
}

var wordsOnly = regexp.MustCompile(`[^A-Za-z0-9 ._-]`)

// take writes where an answer's secrets are taken from.
func (s *scriptWriter) take(body string) {
	if name := secretName.FindStringSubmatch(strings.Trim(strings.TrimSpace(body), `"`)); name != nil && name[0] == strings.Trim(strings.TrimSpace(body), `"`) {
		s.given(variable(name[1]), `tail -n 1 | tr -d '"'`)
		return
	}
	var value any
	if json.Unmarshal([]byte(body), &value) != nil {
		return
	}
	if object, isObject := value.(map[string]any); isObject {
		id, _ := object["id"].(float64)
		if text := strconv.FormatFloat(id, 'f', -1, 64); id != 0 {
			if v, wanted := s.ids[text]; wanted && v == "" {
				s.ids[text] = fmt.Sprintf("ID_%d", len(s.known)+1)
				fmt.Fprintf(&s.steps, "%s=$(printf '%%s\n' \"$answer\" | %s)\n", s.ids[text], readID)
			}
		}
	}
	s.walk("", value)
}

func (s *scriptWriter) walk(member string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			s.walk(name, v[name])
		}
	case []any:
		for _, one := range v {
			s.walk("", one)
		}
	case string:
		if name := secretName.FindStringSubmatch(v); name != nil && name[0] == v && member != "" && !wordsOnly.MatchString(member) {
			s.member = true
			s.given(variable(name[1]), "member "+member)
		}
	}
}

func (s *scriptWriter) given(variable, how string) {
	if s.needed[variable] {
		return // it was there before the answer: the account's own password, sent back
	}
	s.known[variable] = true
	fmt.Fprintf(&s.steps, "%s=$(printf '%%s\\n' \"$answer\" | %s)\n", variable, how)
}

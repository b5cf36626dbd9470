package reports

import (
	"cmp"
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
func Script(c *verdict.Check) (text string, variables []string) {
	s := newScript(c)
	if s == nil {
		return "", nil
	}
	return filled("repeat.sh", s), s.needed()
}

// Alone says whether the command of one exchange repeats it by itself. One that names what an earlier answer of the check gave, or
// what the check made up, does so as a part of the script alone.
func Alone(c *verdict.Check, e evidence.Exchange) bool {
	s := newScript(c)
	if s == nil {
		return true
	}
	if id := pathID.FindStringSubmatch(e.Request.URL); id != nil && s.ids[id[1]] != "" {
		return false
	}
	needed := s.needed()
	return !slices.ContainsFunc(NewCommand(e).Variables, func(v string) bool { return !slices.Contains(needed, v) })
}

// needed are the variables that nobody but the environment can give.
func (s *script) needed() []string { return slices.DeleteFunc(slices.Clone(s.Variables), madeUp) }

// newScript is what the template of a script writes; nil for a check whose exchanges are not its own, or cannot be made by curl.
func newScript(c *verdict.Check) *script {
	if len(c.Exchanges) == 0 || slices.ContainsFunc(c.Exchanges, func(e evidence.Exchange) bool { return e.Purpose == evidence.Passing }) {
		return nil
	}
	if slices.ContainsFunc(c.Exchanges, torn) {
		return nil
	}
	s := &script{Check: c, given: map[string]bool{}, ids: map[string]string{}}
	for _, e := range c.Exchanges {
		if id := pathID.FindStringSubmatch(e.Request.URL); id != nil {
			s.ids[id[1]] = ""
		}
	}
	var ended time.Time
	for _, e := range c.Exchanges {
		pause := e.Started.Sub(ended)
		if ended.IsZero() || pause <= longPause {
			pause = 0
		}
		ended = e.Started.Add(time.Duration(e.DurationMs * float64(time.Millisecond)))
		if e.Purpose == evidence.CleanUp && !s.knows(e) {
			continue // nobody who repeats what is shown has made what it ends
		}
		s.step(e, pause)
	}
	for _, v := range slices.Sorted(maps.Keys(s.given)) {
		if !s.given[v] {
			s.Variables = append(s.Variables, v)
		}
	}
	return s
}

// knows says whether the answers before an exchange give all that its request names.
func (s *script) knows(e evidence.Exchange) bool {
	if id := pathID.FindStringSubmatch(e.Request.URL); id != nil && s.ids[id[1]] == "" {
		return false
	}
	return !slices.ContainsFunc(NewCommand(e).Variables, func(v string) bool { return !s.given[v] })
}

// madeUp is whether a variable holds a credential that a check made up: any other value serves as well.
func madeUp(variable string) bool { return strings.HasPrefix(variable, "CONFORM_MADE_UP_") }

// longPause is the time between two exchanges from which the check has waited, and not only worked.
const longPause = 900 * time.Millisecond

// script is what its template writes.
type script struct {
	*verdict.Check
	Variables []string // that no answer gives
	Function  string   // that a command needs
	Member    bool     // an answer's member is read
	Steps     []scriptStep

	given map[string]bool // variables: those that an answer gives, and those that the environment must
	// ids are the numbers by which requests name what an answer gave, and the variables that hold the new ones. They are no
	// secrets, so that evidence has them as they were.
	ids   map[string]string
	named int
}

// scriptStep is one exchange: the command, what came in the run, and what is taken from the answer.
type scriptStep struct {
	evidence.Exchange
	Wait                int // seconds
	Words, Got, Command string
	Remarks             []string
	Taken               []taken
}

// taken is a variable and the shell command that reads it from the answer.
type taken struct{ Variable, How string }

// pathID is a number at the end of an address.
var pathID = regexp.MustCompile(`/([0-9]+)$`)

// noWords is what an operation's name could do harm with in a shell.
var noWords = regexp.MustCompile(`[^A-Za-z0-9 ._-]`)

func (s *script) step(e evidence.Exchange, pause time.Duration) {
	c := NewCommand(e)
	for _, v := range c.Variables {
		if !s.given[v] {
			s.given[v] = false // the environment must give it, unless an answer has
		}
	}
	s.Function = cmp.Or(s.Function, c.Function)
	step := scriptStep{
		Exchange: e, Wait: int(math.Ceil(pause.Seconds())), Command: c.String(), Remarks: c.Remarks,
		Words: noWords.ReplaceAllString(e.Operation, ""),
		Got:   strings.ReplaceAll(shortened(evidence.OneLine(answer(e)), 200), "'", ""),
	}
	if id := pathID.FindStringSubmatch(e.Request.URL); id != nil && s.ids[id[1]] != "" {
		step.Command = strings.Replace(step.Command, "/"+id[1]+"'", "/'\"$"+s.ids[id[1]]+"\"", 1)
	}
	if e.Response != nil && e.Response.Body != nil && !e.Response.Body.Binary {
		step.Taken = s.take(e.Response.Body.Text)
	}
	s.Steps = append(s.Steps, step)
}

// secretMember is a member of the JSON in an answer that holds a secret, and idMember an object's number.
var (
	secretMember = regexp.MustCompile(`"([A-Za-z0-9 ._-]+)"\s*:\s*"(` + secretName.String() + `)"`)
	idMember     = regexp.MustCompile(`"id" *: *([0-9]+)`)
)

// take says how what an answer gives is read from it.
func (s *script) take(body string) (all []taken) {
	// A secret that the environment gives was there before the answer: the account's own password, sent back.
	secret := func(text, how string) {
		v := variable(strings.Trim(text, "‹›"))
		if given, known := s.given[v]; given || !known {
			s.given[v] = true
			all = append(all, taken{v, how})
		}
	}
	if text := strings.Trim(strings.TrimSpace(body), `"`); secretName.FindString(text) == text {
		secret(text, `tail -n 1 | tr -d '"'`)
		return all
	}
	if id := idMember.FindStringSubmatch(body); id != nil {
		if name, wanted := s.ids[id[1]]; wanted && name == "" {
			s.named++
			s.ids[id[1]] = fmt.Sprintf("ID_%d", s.named)
			all = append(all, taken{s.ids[id[1]], `grep -oE '"id" *: *[0-9]+' | head -n 1 | tr -dc 0-9`})
		}
	}
	for _, member := range secretMember.FindAllStringSubmatch(body, -1) {
		s.Member = true
		secret(member[2], "member "+member[1])
	}
	return all
}

// torn says whether an exchange was a login on two connections, which curl cannot make.
func torn(e evidence.Exchange) bool {
	return strings.Contains(header(e.Request.Headers, "Authorization"), "on another connection")
}

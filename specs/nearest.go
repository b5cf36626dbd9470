package specs

import (
	"fmt"
	"strings"

	"github.com/agext/levenshtein"
)

// nearest is the one of known that is spelled most like name, or "" when none is like it: when more than a third
// of the letters, and more than two, would have to change. Letter case counts for nothing. Among equals the one that begins
// most like name wins, since versions differ at their end; after that the first.
func nearest(name string, known []string) string {
	best, _ := nearestOf(name, known)
	return best
}

// nearestOf is nearest, with how many letters would have to change.
func nearestOf(name string, known []string) (string, int) {
	letters := []rune(strings.ToLower(name))
	best, least, alike := "", max(2, len(letters)/3)+1, 0
	for _, k := range known {
		other := []rune(strings.ToLower(k))
		d, same, _ := levenshtein.Calculate(letters, other, 0, 1, 1, 1)
		if d < len(other) && (d < least || d == least && best != "" && same > alike) {
			best, least, alike = k, d, same
		}
	}
	return best, least
}

// Suggest is the part of an error about an unknown name that says which of the known ones is spelled most like it:
// " (did you mean …?)", or "" when none is like it.
func Suggest(name string, known []string) string {
	if near := nearest(name, known); near != "" {
		return " (did you mean " + near + "?)"
	}
	return ""
}

// Unknown is the error of a name that is none of the known ones.
type Unknown struct {
	// Kind is what is named, such as "profile".
	Kind, Name string
	Known      []string
	// Hint ends the message, such as by where all of them are listed.
	Hint string
}

// Error quotes the name, which has to come from a command line or a file that holds no secret.
func (u *Unknown) Error() string { return u.say(fmt.Sprintf(" %q", u.Name)) }

// slipped is how many letters of a name a slip of the hand changes.
const slipped = 2

// Guarded is the message about a name from a file that holds secrets: it is quoted only where it is a known one but for a slip of the
// hand. Another one may be anything, such as the second line of a password.
func (u *Unknown) Guarded() string {
	if near, changed := nearestOf(u.Name, u.Known); near == "" || changed > slipped {
		return u.Withheld()
	}
	return u.Error()
}

// Withheld is the message without the name.
func (u *Unknown) Withheld() string { return u.say("") }

func (u *Unknown) say(name string) string {
	return "unknown " + u.Kind + name + Suggest(u.Name, u.Known) + "; " + u.Hint
}

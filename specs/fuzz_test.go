package specs

import (
	"regexp"
	"strings"
	"testing"

	"example.org/conform/harness/testkit/slip"
)

// everyKey is a catalogue with every key that there is.
const everyKey = `system: «small»
title: «Small»
prefix: «SML»
profiles:
  - id: «small-1»
    title: «Small 1»
    document: «The document»
    terms: {token: «access token»}
  - {id: «small-2», title: «"2"», document: «Another»}
subjects:
  session: «Sessions»
requirements:
  - id: «SML-SES-01»
    subject: «session»
    level: «MUST»
    statement: «The {token} works.»
    source: «Obtain {token}»
    quote: «a {token}»
    because: «x»
    own: {small-1: {source: «Renew», quote: «y», because: «z»}}
    profiles: [«small-1»]
    needs: [«probe», «lifetimes.token»]
    shownBy: [«account.principalName»]
  - {id: «SML-SES-02», subject: «session», level: «NOTE», statement: «s», source: «s»}
`

var withPlace = regexp.MustCompile(`^small\.yaml:[1-9][0-9]*:[1-9][0-9]*: `)

// Whatever is given for a catalogue, wherever a secret stands in it: no piece of it is told, and the place is.
func TestNoErrorTellsASecret(t *testing.T) {
	t.Parallel()
	refused := 0
	judge := func(text string) {
		_, err := parse("small.yaml", []byte(text))
		if err == nil {
			return
		}
		refused++
		if told := slip.Told(err.Error()); told != "" || strings.ContainsAny(err.Error(), "\n\r") || !withPlace.MatchString(err.Error()) {
			t.Errorf("%q:\nnot one line with its place, or it tells %q: %q", text, told, err)
		}
	}
	m := slip.New(3)
	for place := range slip.Places(everyKey) {
		for way := range slip.Ways() {
			judge(m.At(everyKey, place, way))
		}
	}
	for range 2000 {
		judge(m.Mix(everyKey))
	}
	if refused < 2000 {
		t.Errorf("only %d catalogues were refused: that proves little", refused)
	}
}

// FuzzParse reads whatever a file may hold: a catalogue whose every requirement can be found in the words of its profiles, or an error of
// one line that tells nothing of it.
func FuzzParse(f *testing.F) {
	m := slip.New(4)
	f.Add([]byte(small))
	f.Add([]byte(strings.NewReplacer("«", "", "»", "").Replace(everyKey)))
	f.Add([]byte(m.Mix(everyKey)))
	f.Add([]byte("subjects: {a: &a [x, x], b: &b [*a, *a], c: [*b, *b]}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 4<<10 {
			t.Skip("what is slow to read finds little")
		}
		c, err := parse("small.yaml", text)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") || slip.Told(err.Error()) != "" || len(err.Error()) > 400 {
				t.Errorf("the error: %q", err)
			}
			return
		}
		for _, r := range c.Requirements {
			for _, profile := range r.Profiles {
				if found, ok := c.Find(profile, r.ID); !ok || found.Statement == "" || found.Source == "" {
					t.Errorf("%s in %s: %+v", r.ID, profile, found)
				}
			}
		}
	})
}

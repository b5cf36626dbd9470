package ledger

import (
	"fmt"
	"testing"
	"time"

	"example.org/conform/harness/target"
)

// A door is shut where all who come are refused in one way, good ones of several checks among them, and it was open before.
func TestClosings(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 1, 2, 10, 31, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		// fates are a letter each: G granted, a and b refused and good, of one check and of another, x refused and wrong, B good and
		// refused by another status, o and p as a and b for an account that never came in.
		fates string
		want  string
	}{
		"open":                   {"GGxGGxG", ""},
		"shut for a while":       {"GGaxbxxaGG", "2-8"},
		"shut to the end":        {"GGaxbxxa", "2-"},
		"never open":             {"abababab", ""},
		"one check breaks":       {"GGaaaaaaaaG", ""},
		"the wrong ones alone":   {"GGxxxxxxxxxG", ""},
		"too few":                {"GGabaGGGabaG", ""},
		"twice":                  {"GababaGGGGGGbababG", "1-6 12-17"},
		"one of those under way": {"GababGabaxG", "1-10"},
		"now and then":           {"GaGbGaGbGaGbGaGbGaGb", ""},
		"one who never came in":  {"GGoxpxxopGG", ""},
		"among others":           {"GGoapbxaG", "2-8"},
		"in two ways":            {"GxxxBaBbBaBbG", "1-12"},
		"another status at last": {"GBababaxG", "2-8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := NewRun(NewServer(target.Limits{}))
			for i, letter := range c.fates {
				f := Fate{Check: string(letter), At: began.Add(time.Duration(i) * time.Second), Login: true, Good: letter != 'x', Granted: letter == 'G', Status: 403}
				switch letter {
				case 'B':
					f.Status = 500
				case 'o', 'p':
					f.Account = "another"
				}
				r.Fared(f)
			}
			got := ""
			for i, closing := range r.Closings() {
				if i > 0 {
					got += " "
				}
				got += fmt.Sprintf("%.0f-", closing.From.Sub(began).Seconds())
				if !closing.Until.IsZero() {
					got += fmt.Sprintf("%.0f", closing.Until.Sub(began).Seconds())
				}
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// However long a run goes on, what it remembers of its requests is bounded, and a door that was shut long ago is not forgotten.
func TestFatesAreBounded(t *testing.T) {
	t.Parallel()
	r := NewRun(NewServer(target.Limits{}))
	began := time.Date(2026, 1, 2, 10, 31, 0, 0, time.UTC)
	for i := range 3 * mostFates {
		shut := i > 10 && i < 30
		r.Fared(Fate{Check: fmt.Sprint(i % 3), At: began.Add(time.Duration(i) * time.Second), Login: true, Good: true, Granted: !shut, Status: 403})
	}
	closings := r.Closings()
	if len(r.fates) >= mostFates || len(closings) != 1 || !closings[0].Holds(began.Add(20*time.Second)) {
		t.Errorf("%d fates, closings %v", len(r.fates), closings)
	}
}

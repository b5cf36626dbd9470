package target

import (
	"strings"
	"testing"

	"example.org/conform/harness/testkit/slip"
)

// FuzzExpand reads texts with variables in them. What literal writes is expanded to the same, whatever the environment holds, what the
// environment holds is never expanded again, and an error tells neither.
func FuzzExpand(f *testing.F) {
	for _, seed := range []string{"${A}", "$${A}", "$$${A}", "${", "${}", "${a-b}", "a${A}b${B}", "$", "${A}}", "${${A}}", "\x00${A}"} {
		f.Add(seed, "${B}")
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		nothing := func(string) (string, bool) { return "", false }
		if again, err := expand("account.password", literal(text), nothing); err != nil || again != text {
			t.Errorf("%q is read back as %q, %v", text, again, err)
		}
		got, err := expand("account.password", text, environment(map[string]string{"A": value}))
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") || len(err.Error()) > 200+len(text) {
				t.Errorf("the error: %q", err)
			}
			return
		}
		if !strings.Contains(text, "$") && got != text {
			t.Errorf("%q became %q", text, got)
		}
	})
}

// FuzzSlips mixes slips of the hand by what the fuzzer says.
func FuzzSlips(f *testing.F) {
	f.Add(uint64(1), "")
	f.Add(uint64(2), "\n\t: {")
	f.Fuzz(func(t *testing.T, seed uint64, more string) {
		if len(more) > 1<<10 {
			t.Skip("what is slow to read finds little")
		}
		text := slip.New(seed).Mix(everyField[seed%uint64(len(everyField))])
		at := len(text) * int(seed>>8%97) / 97
		_, err := reader().Parse("t.yaml", []byte(text[:at]+more+text[at:]), environment(map[string]string{slip.Variable: slip.Secret}))
		if err == nil {
			return
		}
		if told := slip.Told(err.Error()); told != "" && slip.Told(more) == "" || strings.ContainsAny(err.Error(), "\n\r") {
			t.Errorf("%q and %q: %q", text, more, err)
		}
	})
}

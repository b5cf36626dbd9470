package target

import (
	"fmt"
	"io"
	"log/slog"
)

// masked is what stands for a secret wherever one is printed.
const masked = "‹secret›"

// Secret is a text that must not be printed. Every way to format, log or marshal it gives the same mask, so that a
// target can be handed to a log or an error without care; Reveal alone gives the text. It is read like a string.
//
// Two things are beyond a string's reach: package fmt asks no method of a value in an unexported field, and
// encoding/json none of the key of a map. So an unexported field holds a pointer to a Target, never the value, and is
// printed by %v alone (go vet finds the other verbs); and nothing is keyed by a Secret.
type Secret string

// Reveal returns the text itself.
func (s Secret) Reveal() string { return string(s) }

// String returns the mask.
func (Secret) String() string { return masked }

// Format writes the mask for every verb, also for %x and %#v.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, masked) }

// MarshalText returns the mask, to JSON, YAML and XML alike.
func (Secret) MarshalText() ([]byte, error) { return []byte(masked), nil }

// LogValue returns the mask.
func (Secret) LogValue() slog.Value { return slog.StringValue(masked) }

// Format writes the target with masks for its secrets. It stands here for a wrong verb, such as %s for a struct that
// points to a target: package fmt then shows what is pointed to and asks no further method.
func (t Target) Format(f fmt.State, verb rune) {
	type plain Target
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), plain(t))
}

// Format writes the account with a mask for its password, as that of Target does.
func (a Account) Format(f fmt.State, verb rune) {
	type plain Account
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), plain(a))
}

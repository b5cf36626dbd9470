package openapi

import (
	"testing"

	"github.com/goccy/go-yaml"
)

// What YAML reads in no text is escaped, as JSON has it, so that whatever was written is read again.
func TestWhatYAMLDoesNotTakeIsEscaped(t *testing.T) {
	t.Parallel()
	const text = "T\x7fken\u0085\ufeff <&>"
	written := WriteYAML(yaml.MapSlice{{Key: "a", Value: text}})
	var read map[string]string
	if err := yaml.Unmarshal([]byte(written), &read); err != nil || read["a"] != text || written != "a: \"T\\u007fken\\u0085\\ufeff <&>\"\n" {
		t.Errorf("%q is read as %q: %v", written, read, err)
	}
}

package openapi

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// WriteJSON writes a document as indented JSON, in its order.
func WriteJSON(document yaml.MapSlice) string {
	var to strings.Builder
	writeJSON(&to, document, "\n")
	return to.String() + "\n"
}

func writeJSON(to *strings.Builder, value any, line string) {
	switch v := value.(type) {
	case yaml.MapSlice:
		to.WriteString("{")
		for i, item := range v {
			to.WriteString(strings.Repeat(",", min(i, 1)) + line + "  " + WriteScalar(fmt.Sprint(item.Key)) + ": ")
			writeJSON(to, item.Value, line+"  ")
		}
		to.WriteString(strings.Repeat(line, min(len(v), 1)) + "}")
	case []any:
		to.WriteString("[")
		for i, item := range v {
			to.WriteString(strings.Repeat(",", min(i, 1)) + line + "  ")
			writeJSON(to, item, line+"  ")
		}
		to.WriteString(strings.Repeat(line, min(len(v), 1)) + "]")
	default:
		to.WriteString(WriteScalar(v))
	}
}

// WriteYAML writes a document as YAML, in its order. Texts that YAML could take for anything else stand in double quotes, as in JSON.
func WriteYAML(document yaml.MapSlice) string {
	var to strings.Builder
	writeYAML(&to, document, "\n")
	return strings.TrimPrefix(to.String(), "\n") + "\n"
}

func writeYAML(to *strings.Builder, value any, line string) {
	switch v := value.(type) {
	case yaml.MapSlice:
		if len(v) == 0 {
			to.WriteString(" {}")
		}
		for _, item := range v {
			to.WriteString(line + plainScalar(fmt.Sprint(item.Key)) + ":")
			writeYAML(to, item.Value, line+"  ")
		}
	case []any:
		if len(v) == 0 {
			to.WriteString(" []")
		}
		for _, item := range v {
			if m, isMapping := item.(yaml.MapSlice); isMapping && len(m) > 0 {
				var inner strings.Builder
				writeYAML(&inner, m, line+"  ")
				to.WriteString(line + "- " + strings.TrimPrefix(inner.String(), line+"  "))
				continue
			}
			to.WriteString(line + "-")
			writeYAML(to, item, line+"  ")
		}
	default:
		to.WriteString(" " + plainScalar(v))
	}
}

// word is a text that YAML takes for one, unless it is one of words; and keys of paths begin with a slash.
var (
	word  = regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9_/{}-]*$`)
	words = []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
)

func plainScalar(value any) string {
	if text, isText := value.(string); isText && word.MatchString(text) && !slices.Contains(words, strings.ToLower(text)) {
		return text
	}
	return WriteScalar(value)
}

// WriteScalar writes a value as JSON that YAML reads too: with the characters of HTML as they are, and those escaped that YAML wants so.
func WriteScalar(value any) string {
	var text, escaped strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Sprintf("%q", fmt.Sprint(value))
	}
	for _, c := range strings.TrimSuffix(text.String(), "\n") {
		if c >= 0x7f && c < 0xa0 || c == 0xfeff || c == 0xfffe || c == 0xffff {
			fmt.Fprintf(&escaped, `\u%04x`, c)
			continue
		}
		escaped.WriteRune(c)
	}
	return escaped.String()
}

package reports_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"

	"example.org/conform/reports"
)

// A report that a shell of Windows has written anew is still one.
func TestReadInOtherForms(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	if err := reports.JSON(&text, sample()); err != nil {
		t.Fatal(err)
	}
	for name, as := range map[string]encoding.Encoding{
		"as written": unicode.UTF8, "UTF-8 with a mark": unicode.UTF8BOM, "UTF-16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	} {
		data, err := as.NewEncoder().Bytes(text.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "report.json")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if r, err := reports.Read(file); err != nil || len(r.Runs) != len(sample().Runs) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

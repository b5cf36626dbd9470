package aria

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
)

// namespace is the one of the vendor's XML answers.
const namespace = "http://webservice.vmware.com/vRealizeOpsMgr/1.0/"

// writeXML writes the members, sorted by name, as the elements of a root: a list as an element for each item within one
// that has the member's name.
func writeXML(root string, members map[string]any) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `%s<ops:%s xmlns:ops="%s">`, xml.Header, root, namespace)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		element(&b, name, members[name])
	}
	fmt.Fprintf(&b, "</ops:%s>", root)
	return b.Bytes()
}

func element(b *bytes.Buffer, name string, value any) {
	fmt.Fprintf(b, "<ops:%s>", name)
	switch v := value.(type) {
	case []string:
		for _, item := range v {
			element(b, "item", item)
		}
	case []Failure:
		for _, item := range v {
			element(b, "failure", item.ViolationPath+": "+item.FailureMessage)
		}
	default:
		_ = xml.EscapeText(b, []byte(fmt.Sprint(v))) // a buffer takes everything
	}
	fmt.Fprintf(b, "</ops:%s>", name)
}

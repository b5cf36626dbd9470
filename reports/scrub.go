package reports

import (
	"reflect"

	"example.org/conform/harness/verdict"
)

// scrubbed is a deep copy of the report with scrub applied to each free text in it. It comes before rendering
// because a rendered secret may no longer look like itself: HTML writes + as &#43;, XML writes & as &amp;.
// Statuses, levels and the like have types of their own and are left alone, so that no secret, however short,
// turns a status into something else.
func scrubbed(r *verdict.Report, scrub func(string) string) *verdict.Report {
	return copied(reflect.ValueOf(r), scrub).Interface().(*verdict.Report)
}

var freeText = reflect.TypeFor[string]()

func copied(v reflect.Value, scrub func(string) string) reflect.Value {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == freeText {
			return reflect.ValueOf(scrub(v.String()))
		}
		return v
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		to := reflect.New(v.Type().Elem())
		to.Elem().Set(copied(v.Elem(), scrub))
		return to
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		to := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			to.Index(i).Set(copied(v.Index(i), scrub))
		}
		return to
	case reflect.Struct:
		to := reflect.New(v.Type()).Elem()
		to.Set(v) // keeps what has no exported fields, as time.Time
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				to.Field(i).Set(copied(v.Field(i), scrub))
			}
		}
		return to
	default:
		return v
	}
}

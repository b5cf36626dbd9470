package verdict

import "reflect"

// own is the tag of the fields that hold nothing but the suite's own words. A field without it may hold a text from
// the outside, so that a new field is scrubbed until somebody says that it need not be.
const own = "own"

// Redacted is a deep copy of the report with scrub applied to each text in it that may come from the outside. What a
// check saw is redacted when it is recorded; this is the last net below it, for a secret that became known later. No list
// in the copy is nil, so that the JSON form shows an empty one as [].
//
// It comes before rendering, because a rendered secret may no longer look like itself (HTML writes + as &#43;, XML
// writes & as &amp;), and because a rendered report is full of words and figures that are none of the server's: an
// identifier such as 4711 stands in any moment's nanoseconds, and a password such as "passed" in every status.
// Numbers, moments, statuses and the suite's own words are therefore left alone.
func (r *Report) Redacted(scrub func(string) string) *Report {
	return copied(reflect.ValueOf(r), scrub).Interface().(*Report)
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
		to := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			to.Index(i).Set(copied(v.Index(i), scrub))
		}
		return to
	case reflect.Struct:
		to := reflect.New(v.Type()).Elem()
		to.Set(v) // keeps what has no exported fields, as time.Time
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("scrub") != own {
				to.Field(i).Set(copied(v.Field(i), scrub))
			}
		}
		return to
	default:
		return v
	}
}

package aria

import "path"

// What clients ask for first when they have logged in. There is nothing to monitor here, and the collections are empty.

// version answers GET /api/versions/current.
func (c *Call) version() (*Answer, *Refusal) {
	if _, refusal := c.authorize(); refusal != nil {
		return nil, refusal
	}
	return ok("version", map[string]any{
		"releaseName": "conform reference server", "major": 8, "minor": 0, "minorMinor": 0, "buildNumber": 0,
		"releasedDate": 0, "humanlyReadableReleaseDate": "Thursday, January 1, 1970 12:00:00 AM UTC", "description": "",
	}), nil
}

// listNothing answers GET /api/resources and GET /api/adapters, each with the list's own name in the vendor's API.
func (c *Call) listNothing() (*Answer, *Refusal) {
	if _, refusal := c.authorize(); refusal != nil {
		return nil, refusal
	}
	if path.Base(c.Request.URL.Path) == "adapters" {
		return ok("adapter-instances", map[string]any{"adapterInstancesInfoDto": []string{}}), nil
	}
	return ok("resources", map[string]any{
		"pageInfo": map[string]int{"totalCount": 0, "page": 0, "pageSize": 1000}, "links": []string{}, "resourceList": []string{},
	}), nil
}

// listSources answers GET /api/auth/sources.
func (c *Call) listSources() (*Answer, *Refusal) {
	if _, refusal := c.authorize(); refusal != nil {
		return nil, refusal
	}
	return ok("auth-sources", map[string]any{"sources": []string{}}), nil
}

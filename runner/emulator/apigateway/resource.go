package apigateway

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) resourceOperations() []awsproto.Operation {
	return []awsproto.Operation{
		awsproto.REST("CreateResource", "POST "+resourcesPath+"/{ParentId}", 201, s.createResource),
		awsproto.REST("DeleteResource", "DELETE "+resourcePath, 202, s.deleteResource),
		awsproto.REST("GetResource", "GET "+resourcePath, 200, s.getResource),
		awsproto.REST("GetResources", "GET "+resourcesPath, 200, s.getResources),
		awsproto.REST("UpdateResource", "PATCH "+resourcePath, 200, s.updateResource),
	}
}

// An API has 300 resources on AWS unless its owner asks for more (Developer Guide,
// quotas). There is no bound here: no record of AWS's error was found, and larger
// definitions are to be importable.

// pathPart is what a path part may be: text, a variable or a greedy variable.
var pathPart = regexp.MustCompile(`^(?:[a-zA-Z0-9._:-]+|\{[a-zA-Z0-9._:-]+\+?\})$`)

func isGreedy(part string) bool { return strings.HasSuffix(part, "+}") }

// checkPlace says whether a resource, known by its id, can stand under a parent
// with a path part (LocalStack, test_create_proxy_resource_validation,
// test_update_resource_behaviour; bench, pf-apigw-resource-path-part).
func (a *api) checkPlace(id *string, parent *types.Resource, part string) error {
	if isGreedy(aws.ToString(parent.PathPart)) {
		return badRequest("Cannot create a child of a resource with a greedy path variable: %s", *parent.PathPart)
	}
	if !pathPart.MatchString(part) {
		return badRequest("Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.")
	}
	siblingID, ok := a.names.get(nameKey(*parent.Id, part))
	if !ok || siblingID == aws.ToString(id) {
		return nil
	}
	if sibling, _ := a.resources.get(siblingID); *sibling.PathPart != part {
		return badRequest("A sibling (%s) of this resource already has a variable path part -- only one is allowed", *sibling.PathPart)
	}
	return conflict("Another resource with the same parent already has this name: %s", part)
}

// addResource makes a resource under a parent.
func (a *api) addResource(call *awsproto.Call, parent *types.Resource, part string) (*types.Resource, error) {
	if err := a.checkPlace(nil, parent, part); err != nil {
		return nil, err
	}
	r := &types.Resource{Id: a.newPartID(call), ParentId: parent.Id, PathPart: &part, Path: below(parent, part)}
	a.setResource(r)
	return r, nil
}

// below is the path of a part under a parent.
func below(parent *types.Resource, part string) *string {
	return aws.String(strings.TrimSuffix(*parent.Path, "/") + "/" + part)
}

func (s *Service) createResource(ctx context.Context, in *apigateway.CreateResourceInput) (*apigateway.CreateResourceOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.RestApiId)
	if err != nil {
		return nil, err
	}
	parent, err := a.resource(in.ParentId)
	if err != nil {
		return nil, err
	}
	r, err := a.addResource(call, parent, aws.ToString(in.PathPart))
	if err != nil {
		return nil, err
	}
	s.put(a)
	return awsproto.As[apigateway.CreateResourceOutput](r), nil
}

// shown is a resource as answers have it: its methods are named, and told whole
// where the call says embed=methods.
func shown(r *types.Resource, embed []string) types.Resource {
	seen := *r
	if r.ResourceMethods == nil || slices.Contains(embed, "methods") {
		return seen
	}
	seen.ResourceMethods = map[string]types.Method{}
	for verb := range r.ResourceMethods {
		seen.ResourceMethods[verb] = types.Method{}
	}
	return seen
}

func (s *Service) getResource(ctx context.Context, in *apigateway.GetResourceInput) (*apigateway.GetResourceOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	r, err := a.resource(in.ResourceId)
	if err != nil {
		return nil, err
	}
	return awsproto.As[apigateway.GetResourceOutput](shown(r, in.Embed)), nil
}

func (s *Service) getResources(ctx context.Context, in *apigateway.GetResourcesInput) (*apigateway.GetResourcesOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	found, next, err := page(in.Position, in.Limit, a.allResources())
	if err != nil {
		return nil, err
	}
	items := make([]types.Resource, len(found))
	for i, r := range found {
		items[i] = shown(r, in.Embed)
	}
	return &apigateway.GetResourcesOutput{Items: items, Position: next}, nil
}

// moving is a resource that patch operations move.
type moving struct {
	api      *api
	resource types.Resource
}

var resourcePatches = patches[moving]{listing: true, paths: []patchPath[moving]{
	{path: "/parentId", replace: func(m *moving, p patch) error {
		if m.resource.ParentId == nil {
			return badRequest("Root resource cannot update its parentId.")
		}
		parent, err := m.api.resource(&p.value)
		if err != nil {
			return err
		}
		for up := parent; ; {
			if *up.Id == *m.resource.Id {
				return badRequest("Resources cannot be cyclical.")
			}
			if up.ParentId == nil {
				break
			}
			up, _ = m.api.resources.get(*up.ParentId)
		}
		return m.to(parent, *m.resource.PathPart)
	}},
	{path: "/pathPart", replace: func(m *moving, p patch) error {
		if m.resource.ParentId == nil {
			return badRequest("Root resource cannot update its pathPart.")
		}
		parent, _ := m.api.resources.get(*m.resource.ParentId)
		return m.to(parent, p.value)
	}},
}}

func (m *moving) to(parent *types.Resource, part string) error {
	if err := m.api.checkPlace(m.resource.Id, parent, part); err != nil {
		return err
	}
	if n, _ := m.api.children.get(*m.resource.Id); n > 0 && isGreedy(part) {
		return badRequest("Cannot create a child of a resource with a greedy path variable: %s", part)
	}
	m.resource.ParentId, m.resource.PathPart, m.resource.Path = parent.Id, &part, below(parent, part)
	return nil
}

func (s *Service) updateResource(ctx context.Context, in *apigateway.UpdateResourceInput) (*apigateway.UpdateResourceOutput, error) {
	call := awsproto.CallFrom(ctx)
	if err := checkOps(call, in.PatchOperations); err != nil {
		return nil, err
	}
	a, err := s.edit(call, in.RestApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.resource(in.ResourceId)
	if err != nil {
		return nil, err
	}
	m := moving{a, *found}
	if err := resourcePatches.apply(&m, in.PatchOperations); err != nil {
		return nil, err
	}
	if *m.resource.Path != *found.Path {
		for _, r := range a.under(found) {
			moved := *r
			moved.Path = aws.String(*m.resource.Path + strings.TrimPrefix(*r.Path, *found.Path))
			a.setResource(&moved)
		}
		a.setResource(&m.resource)
		s.put(a)
	}
	return awsproto.As[apigateway.UpdateResourceOutput](shown(&m.resource, nil)), nil
}

// under gives all resources below one.
func (a *api) under(r *types.Resource) []*types.Resource {
	if n, _ := a.children.get(*r.Id); n == 0 {
		return nil
	}
	var all []*types.Resource
	prefix := strings.TrimSuffix(*r.Path, "/") + "/"
	for _, other := range a.allResources() {
		if strings.HasPrefix(*other.Path, prefix) && other != r {
			all = append(all, other)
		}
	}
	return all
}

func (s *Service) deleteResource(ctx context.Context, in *apigateway.DeleteResourceInput) (*apigateway.DeleteResourceOutput, error) {
	a, err := s.edit(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	r, err := a.resource(in.ResourceId)
	if err != nil {
		return nil, err
	}
	if r.ParentId == nil {
		return nil, badRequest("Root resource cannot be deleted.") // no record was found
	}
	for _, below := range a.under(r) {
		a.dropResource(*below.Id)
	}
	a.dropResource(*r.Id)
	s.put(a)
	return &apigateway.DeleteResourceOutput{}, nil
}

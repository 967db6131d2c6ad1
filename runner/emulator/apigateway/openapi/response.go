package openapi

import (
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// readGatewayResponses reads the gateway responses that the document changes.
func (r *reader) readGatewayResponses() {
	for _, m := range r.root.get(extension + "gateway-responses").all() {
		r.out.GatewayResponses = append(r.out.GatewayResponses, types.GatewayResponse{
			ResponseType:       types.GatewayResponseType(m.key),
			StatusCode:         m.value.get("statusCode").str(),
			ResponseParameters: texts(m.value.get("responseParameters")),
			ResponseTemplates:  texts(m.value.get("responseTemplates")),
		})
	}
}

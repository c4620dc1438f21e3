# shellcheck shell=bash
#: ./dev openapi              write docs/openapi.json anew from the endpoints and contracts

verb_openapi() {
    VSAN_WRITE_OPENAPI=1 dotnet test "$root/tests/ControlPlane" -c Release --filter 'FullyQualifiedName~OpenApiTests'
}

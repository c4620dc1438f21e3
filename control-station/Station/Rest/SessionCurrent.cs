using System.Text.Json.Serialization;
using VSan.Contracts.Api;

namespace VSan.Station.Rest;

/// <summary>Who the session of a request belongs to: <c>GET /sessions/current</c>.</summary>
internal sealed record SessionCurrent(
    string UserName,
    IReadOnlyList<RoleBinding> Bindings);

/// <summary>JSON of answers that have no contract of their own.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SessionCurrent))]
internal sealed partial class RestJson : JsonSerializerContext;

using System.Text.Json.Serialization;
using VSan.Contracts;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary>Who the session of a request belongs to: <c>GET /sessions/current</c>.</summary>
internal sealed record SessionCurrent(
    string UserName,
    [property: JsonConverter(typeof(WireEnumConverter<CallerRole>))] CallerRole Role);

/// <summary>JSON of answers that have no contract of their own.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SessionCurrent))]
internal sealed partial class RestJson : JsonSerializerContext;

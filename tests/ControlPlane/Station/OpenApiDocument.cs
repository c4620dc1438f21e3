using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Rest;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>Writes the API down as OpenAPI 3.1, from the addresses that a station has and the contracts' own descriptions.</summary>
internal sealed partial class OpenApiDocument
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SortedDictionary<string, JsonNode> _schemas = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonTypeInfo> _named = new(StringComparer.Ordinal);

    /// <summary>The document as text that ends in a line feed.</summary>
    public static string Of(IEnumerable<RouteEndpoint> addresses) => new OpenApiDocument().Write(addresses).ToJsonString(Layout) + "\n";

    private JsonObject Write(IEnumerable<RouteEndpoint> addresses)
    {
        JsonObject paths = [];
        foreach (IGrouping<string, RouteEndpoint> path in addresses.GroupBy(address => Path(ApiDescription.KeyOf(address))).OrderBy(path => path.Key, StringComparer.Ordinal))
        {
            JsonObject item = [];
            foreach (RouteEndpoint address in path.OrderBy(ApiDescription.KeyOf, StringComparer.Ordinal)) item[Method(address).ToLowerInvariant()] = Operation(address);
            paths[path.Key] = item;
        }

        Reference(ApiJson.Default.Problem);
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "VSan Appliance", ["version"] = "v1", ["description"] = "The control station's REST API. Errors are listed in docs/errors.md." },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = RestApi.Root }),
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
                ["schemas"] = new JsonObject(_schemas.Select(schema => KeyValuePair.Create<string, JsonNode?>(schema.Key, schema.Value))),
            },
        };
    }

    private JsonObject Operation(RouteEndpoint address)
    {
        string method = Method(address);
        AddressDescription description = ApiDescription.All[ApiDescription.KeyOf(address)];
        bool isOpen = address.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        JsonObject operation = new() { ["summary"] = description.Summary, ["parameters"] = new JsonArray([.. Parameters(address, description)]) };
        if (address.Metadata.GetMetadata<NeedsAttribute>()?.Action is { } action) operation["x-action"] = action;
        if (isOpen) operation["security"] = new JsonArray();
        if (description.Body is { } body) operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content("application/json", body) };
        if (description.TakesFile) operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = new JsonObject { ["application/octet-stream"] = new JsonObject() } };
        JsonObject success = new() { ["description"] = description.Summary };
        if (description.Answer is { } answer) success["content"] = Content(method == "GET" && address.RoutePattern.RawText!.EndsWith("/events", StringComparison.Ordinal) ? "text/event-stream" : "application/json", answer);
        operation["responses"] = new JsonObject
        {
            [description.Status.ToString(CultureInfo.InvariantCulture)] = success,
            ["default"] = new JsonObject { ["description"] = "A problem (RFC 9457).", ["content"] = Content("application/problem+json", ApiJson.Default.Problem) },
        };
        return operation;
    }

    private static IEnumerable<JsonNode> Parameters(RouteEndpoint address, AddressDescription description)
    {
        string method = Method(address);
        foreach (Match name in PathParameter().Matches(Path(ApiDescription.KeyOf(address)))) yield return Parameter(name.Groups[1].Value, "path", required: true);
        foreach (string name in description.Query) yield return Parameter(name, "query", required: false);
        bool changes = method != "GET" && !description.IsQuestion;
        if (changes) yield return Parameter("dryRun", "query", required: false);
        if (changes && address.Metadata.GetMetadata<IAllowAnonymous>() is null) yield return Parameter("Idempotency-Key", "header", required: false);
        if (method != "GET" && address.RoutePattern.RawText!.Contains("{id", StringComparison.Ordinal)) yield return Parameter("If-Match", "header", required: false);
    }

    private static JsonObject Parameter(string name, string place, bool required) =>
        new() { ["name"] = name, ["in"] = place, ["required"] = required, ["schema"] = new JsonObject { ["type"] = "string" } };

    private JsonObject Content(string mediaType, JsonTypeInfo type) => new() { [mediaType] = new JsonObject { ["schema"] = Reference(type) } };

    /// <summary>A reference to the schema of a type, which is added when it is new.</summary>
    private JsonObject Reference(JsonTypeInfo type)
    {
        string name = type.Type.Name;
        if (_named.TryAdd(name, type)) _schemas[name] = type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Refer });
        else if (_named[name].Type != type.Type) throw new InvalidOperationException($"Two contracts are called {name}.");
        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    // A contract within a contract has a schema of its own.
    private JsonNode Refer(JsonSchemaExporterContext context, JsonNode schema) =>
        context.Path.Length > 0 && context.TypeInfo.Type is { Namespace: { } space } type && space.StartsWith("VSan.", StringComparison.Ordinal) && Nullable.GetUnderlyingType(type) is null
            ? Reference(context.TypeInfo)
            : schema;

    private static string Method(RouteEndpoint address) => ApiDescription.KeyOf(address).Split(' ')[0];

    private static string Path(string key) => key.Split(' ')[1];

    [GeneratedRegex(@"\{([^}]+)\}")]
    private static partial Regex PathParameter();
}

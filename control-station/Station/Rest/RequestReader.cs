using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary>Reads the parts of a request, and says which part is at fault.</summary>
internal static class RequestReader
{
    private static readonly string[] ListParameters = ["limit", "cursor", "name"];
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(5);

    extension(HttpContext context)
    {
        /// <summary>Who asks; <see cref="CallerMiddleware"/> has let nobody else pass.</summary>
        public Caller Caller => context.Features.GetRequiredFeature<Caller>();

        /// <summary>The <c>{id}</c> of the address; the route takes GUIDs only.</summary>
        public Guid RouteId => Guid.Parse(context.RouteText("id"), CultureInfo.InvariantCulture);

        public string? IdempotencyKey => context.Request.Headers["Idempotency-Key"] is [{ Length: > 0 } key] ? key : null;

        public string RouteText(string name) => (string)context.Request.RouteValues[name]!;

        /// <summary>The address of the client's end, for rate limits and audit.</summary>
        public string PeerAddress() => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";

        /// <summary>A parameter of the address, or null.</summary>
        public string? QueryText(string name) => Text(context.Request.Query, name);

        /// <summary><c>limit</c>, <c>cursor</c> and <c>name</c>; what else the address has are filters, except for <paramref name="others"/>.</summary>
        public ListQuery ListQuery(params string[] others)
        {
            IQueryCollection query = context.Request.Query;
            ListQuery all = new(Cursor: Text(query, "cursor"), Name: Text(query, "name"))
            {
                Filters = query.Where(pair => !ListParameters.Contains(pair.Key, StringComparer.Ordinal) && !others.Contains(pair.Key, StringComparer.Ordinal))
                    .ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal),
            };
            if (Text(query, "limit") is not { } limit) return all;
            return int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? all with { Limit = number }
                : throw AtFault("/limit", "must be a whole number.");
        }

        /// <summary>A duration of the query, for example <c>?delay=7d</c>; null when it is not given.</summary>
        public TimeSpan? Span(string name)
        {
            if (Text(context.Request.Query, name) is not { } text) return null;
            return Duration.TryParse(text, out TimeSpan given) ? given : throw AtFault($"/{name}", "must be a duration, for example 30s, 12h or 7d.");
        }

        /// <summary><c>?wait=30s</c>: how long the client would wait for an operation's end; zero when it does not say. At most 5 minutes.</summary>
        public TimeSpan Wait()
        {
            if (Text(context.Request.Query, "wait") is not { } text) return TimeSpan.Zero;
            TimeSpan wait = Duration.TryParse(text, out TimeSpan given) ? given : throw AtFault("/wait", "must be a duration, for example 500ms, 30s or 2m.");
            return wait < WaitMax ? wait : WaitMax;
        }

        /// <summary>A query parameter that is <c>true</c> or <c>false</c>; false when it is not there.</summary>
        public bool Truth(string name) => Text(context.Request.Query, name) switch
        {
            null or "false" => false,
            "true" => true,
            _ => throw AtFault($"/{name}", "must be true or false."),
        };

        /// <summary>The body as JSON; members that may not be missing are there.</summary>
        public async Task<T> BodyAsync<T>(JsonTypeInfo<T> type)
        {
            T body = await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted)
                ?? throw new JsonException("The body is null.");
            FieldProblem[] missing =
            [
                .. from property in type.Properties
                   where !property.IsGetNullable && property.Get?.Invoke(body) is null
                   select new FieldProblem($"/{property.Name}", "is missing."),
            ];
            return missing is [] ? body : throw new ProblemException("invalid-field", $"{missing[0].Pointer} is missing.", fields: missing);
        }
    }

    private static string? Text(IQueryCollection query, string name) => query[name] is [{ Length: > 0 } text] ? text : null;

    public static ProblemException AtFault(string pointer, string detail) =>
        new("invalid-field", $"{pointer} {detail}", fields: [new FieldProblem(pointer, detail)]);
}

using System.Globalization;
using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/audit</c>: who asked for what, newest first, and whether the log is whole.</summary>
internal sealed class AuditEndpoints(AuditService audit)
{
    private static readonly string[] Filters = ["limit", "cursor", "who", "action", "subject", "outcome", "since", "until"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/audit", ListAsync).Needs("audit.read");
        routes.MapGet("/audit:verify", VerifyAsync).Needs("audit.read");
    }

    private async Task ListAsync(HttpContext context)
    {
        string? unknown = context.Request.Query.Keys.FirstOrDefault(name => !Filters.Contains(name, StringComparer.Ordinal));
        if (unknown is not null) throw RequestReader.AtFault($"/{unknown}", $"is not a filter of this list. It has: {string.Join(", ", Filters)}.");
        AuditQuery query = new(
            Limit: context.ListQuery("who", "action", "subject", "outcome", "since", "until").Limit,
            Before: Number(context, "cursor"),
            Who: context.QueryText("who"),
            Action: context.QueryText("action"),
            Subject: context.QueryText("subject"),
            Outcome: context.QueryText("outcome"),
            Since: Time(context, "since"),
            Until: Time(context, "until"));
        await Reply.OkAsync(context, await audit.ListAsync(context.Caller, query, context.RequestAborted), ApiJson.Default.AuditPage);
    }

    private async Task VerifyAsync(HttpContext context)
    {
        (long, string)? noted = Number(context, "number") is { } number && context.QueryText("hash") is { } hash ? (number, hash) : null;
        await Reply.OkAsync(context, await audit.VerifyAsync(context.Caller, noted, context.RequestAborted), ApiJson.Default.AuditVerification);
    }

    private static long? Number(HttpContext context, string name)
    {
        if (context.QueryText(name) is not { } text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw RequestReader.AtFault($"/{name}", "must be the number of a line.");
    }

    private static DateTimeOffset? Time(HttpContext context, string name)
    {
        if (context.QueryText(name) is not { } text) return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw RequestReader.AtFault($"/{name}", "must be a time of RFC 3339, for example 2026-11-28T22:00:00Z.");
    }
}

using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Events;

/// <summary>What happened, and who asked for it.</summary>
internal sealed class EventsApp(StationServices services, TimeProvider time)
{
    private const int PageSize = 100;

    private static readonly string[] s_eventFilters = ["kind", "subject"];
    private static readonly string[] s_auditFilters = ["who", "action", "subject", "outcome"];

    /// <summary>Maps its addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/app/events", Gate.SignedIn(ShowEventsAsync));
        routes.MapGet(EventPages.AuditPath, Gate.SignedIn((context, caller) => ShowAuditAsync(context, caller, Outcome.None)));
        routes.MapGet(EventPages.VerifyPath, Gate.SignedIn(VerifyAsync));
    }

    private async Task ShowEventsAsync(HttpContext context, Caller caller)
    {
        IReadOnlyDictionary<string, string> filters = ListRequest.Read(context.Request, s_eventFilters).Filters;
        EventFilter filter = new(filters.GetValueOrDefault("kind"), filters.GetValueOrDefault("subject"));
        IReadOnlyList<PoolEvent> events = await services.Events.PageAsync(caller, filter, Before(context.Request), PageSize + 1, context.RequestAborted);
        string? next = events.Count > PageSize ? events[PageSize - 1].Id.ToString(CultureInfo.InvariantCulture) : null;
        await AppPage.SendAsync(context, caller, App.Events, "Events", EventPages.Events([.. events.Take(PageSize)], filters, next, caller, time.GetUtcNow()));
    }

    private async Task ShowAuditAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        IReadOnlyDictionary<string, string> filters = ListRequest.Read(context.Request, s_auditFilters).Filters;
        AuditQuery query = new(
            PageSize, Before(context.Request), filters.GetValueOrDefault("who"), filters.GetValueOrDefault("action"), filters.GetValueOrDefault("subject"), filters.GetValueOrDefault("outcome"));
        AuditPage page = await services.Audit.ListAsync(caller, query, context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Events, "Audit", EventPages.Audit(page, filters, caller), outcome);
    }

    private async Task VerifyAsync(HttpContext context, Caller caller)
    {
        AuditVerification verification = await services.Audit.VerifyAsync(caller, noted: null, context.RequestAborted);
        await ShowAuditAsync(context, caller, new Outcome(Said: EventPages.Verified(verification)));
    }

    private static long? Before(HttpRequest request) =>
        ListRequest.Text(request, "cursor") is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
        : throw new ProblemException("invalid-field", "The cursor is not one that a page has given.", "Begin at the first page.");
}

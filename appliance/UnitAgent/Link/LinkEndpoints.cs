using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.UnitAgent.Configuration;
using VSan.UnitAgent.Copying;
using VSan.UnitAgent.Enrolment;
using VSan.UnitAgent.Inventory;
using VSan.UnitAgent.Reconcile;

namespace VSan.UnitAgent.Link;

/// <summary>What the station can ask of this unit.</summary>
internal sealed class LinkEndpoints(
    Guid unitId,
    Guid bootId,
    UnitInventories inventories,
    LegFindings legs,
    Reconciler reconciler,
    ILegCopies copies,
    Enroller enroller,
    LinkPresence presence,
    TimeProvider time,
    CancellationToken stopping,
    Func<ImageFact?>? image = null)
{
    private const string JsonType = "application/json";
    private const string ProblemType = "application/problem+json";
    private const string LinesType = "application/x-ndjson";

    private static readonly TimeSpan ReportPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Adds the endpoints.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        _ = routes.MapGet("/link/v1/inventory", GetInventoryAsync);
        _ = routes.MapGet("/link/v1/legs", GetLegsAsync);
        _ = routes.MapPut("/link/v1/configuration", PutConfigurationAsync);
        _ = routes.MapGet("/link/v1/reports", GetReportsAsync);
        _ = routes.MapPut("/link/v1/certificate", PutCertificateAsync);
    }

    private Task GetInventoryAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status200OK, JsonType, inventories.Present(), UnitLinkJson.Default.UnitInventory);

    private Task GetLegsAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        Guid after = Guid.TryParse(query["after"], CultureInfo.InvariantCulture, out Guid last) ? last : Guid.Empty;
        return WriteAsync(context, StatusCodes.Status200OK, JsonType, legs.Page(after, unservedOnly: query["unserved"] == "true"), UnitLinkJson.Default.FoundLegPage);
    }

    private async Task PutConfigurationAsync(HttpContext context)
    {
        try
        {
            ConfigurationPush push = await JsonSerializer.DeserializeAsync(context.Request.Body, UnitLinkJson.Default.ConfigurationPush, context.RequestAborted)
                ?? throw new JsonException("The body is null.");
            (Verdict verdict, ConfigurationStatus status) = await reconciler.PushAsync(push, context.RequestAborted);
            await AnswerAsync(context, verdict, status);
        }
        catch (JsonException damage)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "malformed", "The configuration cannot be read", damage.Message);
        }
    }

    private static Task AnswerAsync(HttpContext context, Verdict verdict, ConfigurationStatus status) => verdict switch
    {
        Verdict.Refused refusal => RefuseAsync(context, StatusCodes.Status409Conflict, "generation-refused", "The configuration is not for this unit now", refusal.Reason),
        Verdict.Stale stale => RefuseAsync(context, StatusCodes.Status409Conflict, "stale-epoch", "The configuration was decided too long ago", stale.Reason),
        Verdict.WrongUnit stray => RefuseAsync(context, StatusCodes.Status409Conflict, "wrong-unit", "The configuration is for another unit", stray.Reason),
        Verdict.Malformed fault => RefuseAsync(context, StatusCodes.Status400BadRequest, "malformed", "The configuration contradicts itself", fault.Reason),
        _ => WriteAsync(context, StatusCodes.Status200OK, JsonType, status, UnitLinkJson.Default.ConfigurationStatus),
    };

    private async Task PutCertificateAsync(HttpContext context)
    {
        try
        {
            CertificateIssue? issue = await JsonSerializer.DeserializeAsync(context.Request.Body, UnitLinkJson.Default.CertificateIssue, context.RequestAborted);
            if (issue is not { Certificate: not null, CaCertificate: not null }) throw new JsonException("The body lacks a certificate.");
            enroller.Renew(issue);
            await WriteAsync(context, StatusCodes.Status200OK, JsonType, issue, UnitLinkJson.Default.CertificateIssue);
        }
        catch (Exception damage) when (damage is JsonException or CryptographicException)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "malformed", "The certificate is not for this unit", damage.Message);
        }
    }

    private async Task GetReportsAsync(HttpContext context)
    {
        presence.Asked();
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.ContentType = LinesType;
        ActivityChanges activity = new();
        try
        {
            for (long sequence = 1; ; sequence++)
            {
                (ServedState state, Task replaced) = reconciler.State.Watch();
                UnitReport report = new(unitId, bootId, sequence, state.Status, state.BlockServerRunning, state.Sessions, inventories.Stores(), enroller.RenewalRequest(), inventories.Digest())
                {
                    Legs = state.Usage,
                    Shares = inventories.Shares(),
                    Activity = activity.Next(state.Activity),
                    Copies = copies.Facts,
                    Image = image?.Invoke(),
                };
                byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(report, UnitLinkJson.Default.UnitReport), (byte)'\n'];
                _ = await context.Response.BodyWriter.WriteAsync(line, end.Token);
                _ = await Task.WhenAny(replaced, Task.Delay(ReportPeriod, time, end.Token));
                end.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The station hung up, or this agent stops: either way the stream is over.
            return;
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string code, string title, string detail) =>
        WriteAsync(context, status, ProblemType, new Problem($"/errors/{code}", title, status, detail, code), UnitLinkJson.Default.Problem);

    private static async Task WriteAsync<T>(HttpContext context, int status, string mediaType, T value, JsonTypeInfo<T> type)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        context.Response.StatusCode = status;
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}

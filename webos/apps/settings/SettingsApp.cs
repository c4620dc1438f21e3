using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Settings;

/// <summary>The station itself.</summary>
/// <param name="services">The station.</param>
/// <param name="examine">Looks at everything that the station rests on; null where there is no state directory to look at.</param>
internal sealed class SettingsApp(StationServices services, Func<Diagnosis>? examine)
{
    /// <summary>Maps its addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/app/settings", Gate.SignedIn((context, caller) => ShowAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/settings/pool", Gate.SignedIn(ChangePoolAsync));
        routes.MapPost("/app/settings/thaw", Gate.SignedIn(ThawAsync));
    }

    private async Task ShowAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        Pool pool = await services.Pool.GetAsync(caller, context.RequestAborted);
        Diagnosis? diagnosis = caller.May("doctor.read") ? examine?.Invoke() : null;
        string address = $"{context.Request.Scheme}://{context.Request.Host}";
        await AppPage.SendAsync(context, caller, App.Settings, "Settings", SettingsPages.Station(address, services.Tokens.Fingerprint.ToString(), pool, diagnosis, caller, outcome), outcome);
    }

    private Task ChangePoolAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, SettingsPages.PoolId, SettingsPages.ReadPool,
        async (request, values) =>
        {
            await services.Pool.ChangeAsync(caller.Asking(values.Key, request, ApiJson.Default.PoolChange), request, context.RequestAborted);
            return $"{App.Settings.Path}#trash";
        },
        outcome => ShowAsync(context, caller, outcome));

    private Task ThawAsync(HttpContext context, Caller caller) => AppPage.PressAsync(
        context,
        async () =>
        {
            await services.Pool.ThawAsync(caller, context.RequestAborted);
            return App.Settings.Path;
        },
        outcome => ShowAsync(context, caller, outcome));
}

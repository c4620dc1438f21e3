using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Overview;
using VSan.WebOs.Apps.SignIn;
using VSan.WebOs.Apps.Tasks;
using VSan.WebOs.Apps.Units;
using VSan.WebOs.Apps.Volumes;
using VSan.WebOs.Shell;

namespace VSan.WebOs;

/// <summary>The addresses of the web OS.</summary>
public static class WebOsEndpoints
{
    /// <summary>
    /// Maps all pages, forms and assets. The host puts the <see cref="Caller"/> of a request into its features, from the session that
    /// <see cref="SessionCookie"/> reads; without one, a page leads to the sign-in form.
    /// </summary>
    /// <param name="routes">Where to map.</param>
    /// <param name="services">The station.</param>
    /// <param name="time">The clock of the pages; the system's unless a test brings its own.</param>
    public static IEndpointRouteBuilder MapWebOs(this IEndpointRouteBuilder routes, StationServices services, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        foreach (Asset asset in Asset.All) routes.MapGet(asset.Path, asset.ServeAsync);

        SignInApp signIn = new(services);
        routes.MapGet("/sign-in", Gate.Open(SignInApp.ShowAsync));
        routes.MapPost("/sign-in", Gate.Open(signIn.SignInAsync));
        routes.MapPost("/sign-out", Gate.Open(signIn.SignOutAsync));

        DesktopApp desktop = new(services);
        routes.MapGet("/", Gate.SignedIn(desktop.ShowAsync));
        routes.MapPut("/desktop", Gate.SignedIn(desktop.KeepAsync));
        routes.MapGet("/desktop/glance", Gate.SignedIn(desktop.GlanceAsync));
        routes.MapGet("/desktop/find", Gate.SignedIn(desktop.FindAsync));
        routes.MapGet("/desktop/events", Gate.SignedIn(new DesktopEvents(services, time).StreamAsync));

        OverviewApp overview = new(services, time);
        routes.MapGet(App.Overview.Path, Gate.SignedIn(overview.ShowAsync));

        UnitsApp units = new(services, time);
        routes.MapGet(App.Units.Path, Gate.SignedIn(units.ShowAsync));
        routes.MapPost("/app/units/{id}/approve", Gate.SignedIn(units.ApproveAsync));

        VolumesApp volumes = new(services, time);
        routes.MapGet(App.Volumes.Path, Gate.SignedIn(volumes.ShowAsync));
        routes.MapPost(App.Volumes.Path, Gate.SignedIn(volumes.CreateAsync));
        routes.MapGet("/app/volumes/{id}/delete", Gate.SignedIn(volumes.ConfirmAsync));
        routes.MapPost("/app/volumes/{id}/delete", Gate.SignedIn(volumes.DeleteAsync));

        TasksApp tasks = new(services, time);
        routes.MapGet(App.Tasks.Path, Gate.SignedIn(tasks.ShowAsync));
        routes.MapPost("/app/tasks/{id}/cancel", Gate.SignedIn(tasks.CancelAsync));

        routes.MapGet("/app/{**rest}", Gate.SignedIn(NowhereAsync));
        return routes;
    }

    private static Task NowhereAsync(HttpContext context, Caller caller) =>
        throw new ProblemException("not-found", "There is no page at this address.", "Choose an app from the dock.");
}

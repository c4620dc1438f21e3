using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Console;
using VSan.WebOs.Apps.Events;
using VSan.WebOs.Apps.Hosts;
using VSan.WebOs.Apps.Images;
using VSan.WebOs.Apps.Monitor;
using VSan.WebOs.Apps.Overview;
using VSan.WebOs.Apps.Posts;
using VSan.WebOs.Apps.Settings;
using VSan.WebOs.Apps.SignIn;
using VSan.WebOs.Apps.StoragePool;
using VSan.WebOs.Apps.Tasks;
using VSan.WebOs.Apps.Topology;
using VSan.WebOs.Apps.Units;
using VSan.WebOs.Apps.Users;
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
    /// <param name="dropImageFile">Removes the kept file of an image, by its digest.</param>
    /// <param name="time">The clock of the pages; the system's unless a test brings its own.</param>
    /// <param name="console">Runs the commands of the console.</param>
    /// <param name="examine">Looks at everything that the station rests on; null where there is nothing to look at.</param>
    public static IEndpointRouteBuilder MapWebOs(this IEndpointRouteBuilder routes, StationServices services, ICommandConsole console, Action<string> dropImageFile, TimeProvider? time = null, Func<Diagnosis>? examine = null)
    {
        time ??= TimeProvider.System;
        foreach (Asset asset in Asset.All) routes.MapGet(asset.Path, asset.ServeAsync);

        SignInApp signIn = new(services);
        routes.MapGet("/sign-in", Gate.Open(SignInApp.ShowAsync));
        routes.MapPost("/sign-in", Gate.Open(signIn.SignInAsync));
        routes.MapPost("/sign-out", Gate.Open(signIn.SignOutAsync));

        DesktopApp desktop = new(services, time);
        routes.MapGet("/", Gate.SignedIn(desktop.ShowAsync));
        routes.MapPut("/desktop", Gate.SignedIn(desktop.KeepAsync));
        routes.MapGet("/desktop/glance", Gate.SignedIn(desktop.GlanceAsync));
        routes.MapGet("/desktop/tray", Gate.SignedIn(desktop.TrayAsync));
        routes.MapGet("/desktop/find", Gate.SignedIn(desktop.FindAsync));
        routes.MapGet("/desktop/events", Gate.SignedIn(new DesktopEvents(services, time).StreamAsync));

        OverviewApp overview = new(services, time);
        routes.MapGet(App.Overview.Path, Gate.SignedIn(overview.ShowAsync));

        new PoolApp(services, time).Map(routes);
        new TokensApp(services, time).Map(routes);
        new UnitsApp(services, time).Map(routes);
        new VolumesApp(services, time).Map(routes);
        new SnapshotsApp(services).Map(routes);
        new HostsApp(services, time).Map(routes);
        new MappingsApp(services).Map(routes);
        new TasksApp(services, time).Map(routes);
        new PostsApp(services, time).Map(routes);
        new MonitorApp(services, time).Map(routes);
        new TopologyApp(services).Map(routes);
        new ImagesApp(services, dropImageFile, time).Map(routes);
        new ConsoleApp(console, time).Map(routes);
        new AccountApp(services).Map(routes);
        new UsersApp(services, time).Map(routes);
        new EventsApp(services, time).Map(routes);
        new SettingsApp(services, examine).Map(routes);

        routes.MapGet("/app/{**rest}", Gate.SignedIn(NowhereAsync));
        return routes;
    }

    private static Task NowhereAsync(HttpContext context, Caller caller) =>
        throw new ProblemException("not-found", "There is no page at this address.", "Choose an app from the dock.");
}

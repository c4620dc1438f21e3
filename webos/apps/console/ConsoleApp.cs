using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Station.Execution;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Console;

/// <summary>The appliance's command line in the browser: <c>vsan</c> itself, with the rights of who is signed in.</summary>
/// <param name="console">Runs the commands.</param>
/// <param name="time">The clock.</param>
internal sealed class ConsoleApp(ICommandConsole console, TimeProvider time)
{
    private readonly ConsoleHistory _history = new();

    /// <summary>Maps its addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(App.Console.Path, Gate.SignedIn((context, caller) => ShowAsync(context, caller, Outcome.None)));
        routes.MapPost(App.Console.Path, Gate.SignedIn(RunAsync));
        routes.MapPost($"{App.Console.Path}/clear", Gate.SignedIn(ClearAsync));
    }

    private Task ShowAsync(HttpContext context, Caller caller, Outcome outcome) =>
        AppPage.SendAsync(context, caller, App.Console, "Console", ConsolePages.Console(_history.Of(Session(caller)), time.GetUtcNow(), outcome), outcome);

    private Task RunAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context,
        ConsolePages.FormId,
        values => (Line: values.Text("line"), Words: values.Parsed("line", CommandWords.Of)!),
        async (command, _) =>
        {
            string bearer = SessionCookie.Read(context.Request) ?? throw new ProblemException("forbidden", "The console runs for a person who has signed in with a browser.", "Sign in here.");
            CommandResult result = await console.RunAsync(command.Words, bearer, context.RequestAborted);
            _history.Add(Session(caller), new ConsoleEntry(command.Line, result, time.GetUtcNow()));
            return App.Console.Path;
        },
        outcome => ShowAsync(context, caller, outcome));

    private Task ClearAsync(HttpContext context, Caller caller) => AppPage.PressAsync(
        context,
        () =>
        {
            _history.Clear(Session(caller));
            return Task.FromResult<string?>(App.Console.Path);
        },
        outcome => ShowAsync(context, caller, outcome));

    private static Guid Session(Caller caller) => caller.SessionId ?? Guid.Empty;
}

using System.Globalization;
using Microsoft.Playwright;
using VSan.Tests.EndToEnd.WebOs;
using VSan.Tests.WebBench;

// vsan-web-bench [--volumes N] [--rounds N]     the web OS in Chromium, over a real pool; 1 when a goal is missed
int volumes = Number("--volumes", 10_000), rounds = Number("--rounds", 40);
Chromium chromium = new();
await chromium.InitializeAsync();
try
{
    Console.Error.WriteLine($"filling {volumes} volumes …");
    await ManyVolumes.FillAsync(chromium.Pool, volumes);
    await using WebPerson person = await chromium.SignInAsync();
    Browsing browsing = new(person, rounds);
    List<Figure> figures = [await browsing.FirstLoadAsync(), await browsing.DesktopAsync(), .. await browsing.AppsAsync(), await browsing.FirstRowsAsync(), await browsing.WindowsAsync(), await browsing.DraggingAsync()];
    BrowserContextCookiesResult cookie = (await person.Page.Context.CookiesAsync()).Single();
    figures.Add(await Streams.OpenAsync(chromium.Pool.Station, $"{cookie.Name}={cookie.Value}", 50));
    Console.WriteLine($"{volumes} volumes, {rounds} rounds\n\n| what | measured | | goal |\n|---|---:|---|---:|");
    foreach (Figure figure in figures) Console.WriteLine($"| {figure.Name} | {figure.Value:F1} | {figure.Unit} | {(figure.Goal is { } goal ? $"{goal:F0}" : "–")}{(figure.IsMissed ? " missed" : "")} |");
    return figures.Any(figure => figure.IsMissed) ? 1 : 0;
}
finally
{
    await chromium.DisposeAsync();
}

int Number(string name, int otherwise) => Array.IndexOf(args, name) is >= 0 and int index && index + 1 < args.Length ? int.Parse(args[index + 1], CultureInfo.InvariantCulture) : otherwise;

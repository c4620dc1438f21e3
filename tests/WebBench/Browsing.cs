using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using VSan.Tests.EndToEnd.WebOs;

namespace VSan.Tests.WebBench;

/// <summary>What somebody at a browser waits for.</summary>
internal sealed class Browsing(WebPerson person, int rounds)
{
    /// <summary>Bytes of the desktop when nothing of it is in the browser yet, headers aside.</summary>
    public async Task<Figure> FirstLoadAsync()
    {
        await person.Page.ReloadAsync();
        double bytes = await person.Page.EvaluateAsync<double>("performance.getEntries().filter(entry => 'encodedBodySize' in entry).reduce((sum, entry) => sum + entry.encodedBodySize, 0)");
        return new Figure("first load of the desktop, no font", bytes / 1000, "kB", 40);
    }

    /// <summary>From asking for the desktop until it shows the pool's numbers.</summary>
    public async Task<Figure> DesktopAsync()
    {
        List<double> times = [];
        for (int round = 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            await person.Page.GotoAsync("/", new() { WaitUntil = WaitUntilState.Commit });
            await person.Page.Locator("#glance meter").WaitForAsync();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return Figure.Percentile95("desktop with the pool's numbers", times, 1000);
    }

    /// <summary>Each app's content, as a window asks for it.</summary>
    public async Task<IReadOnlyList<Figure>> AppsAsync()
    {
        string[] paths = await person.Page.Locator("#icons a").EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href'))");
        List<Figure> figures = [];
        foreach (string path in paths)
        {
            double[] times = await person.Page.EvaluateAsync<double[]>(
                """
                async ([path, rounds]) => {
                  const times = [];
                  for (let round = 0; round < rounds; round++) {
                    const start = performance.now();
                    await (await fetch(path, { headers: { 'X-Fragment': '1' } })).text();
                    times.push(performance.now() - start);
                  }
                  return times;
                }
                """,
                new object[] { path, rounds });
            figures.Add(Figure.Percentile95($"content of {path}", times, 150));
        }

        return figures;
    }

    /// <summary>From the click on the app until the first row of its list is seen.</summary>
    public async Task<Figure> FirstRowsAsync()
    {
        List<double> times = [];
        for (int round = 0; round < rounds; round++)
        {
            await person.Page.Locator("#start").ClickAsync();
            ILocator link = person.Page.Locator("#start-menu").GetByRole(AriaRole.Link, new() { Name = "Volumes", Exact = true });
            long start = Stopwatch.GetTimestamp();
            await link.ClickAsync();
            await person.Front.Locator("tbody tr").First.WaitForAsync();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await person.Front.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).ClickAsync();
        }

        return Figure.Percentile95("first rows of Volumes, from the click", times, 300);
    }

    /// <summary>Memory of the page with a window of each app open.</summary>
    public async Task<Figure> AllWindowsAsync()
    {
        string[] names = await person.Page.Locator("#icons a").EvaluateAllAsync<string[]>("links => links.map(link => link.textContent.trim())");
        foreach (string name in names) await person.OpenAsync(name);
        return new Figure($"largest renderer with {names.Length} windows, its own memory", Renderers().Max(), "MiB", 300);
    }

    // Memory of each renderer of its own, as the browser's task manager counts it: without the program's pages, which all of them share.
    private static IEnumerable<double> Renderers() =>
        from process in Process.GetProcessesByName("chromium")
        where File.ReadAllText($"/proc/{process.Id}/cmdline").Contains("--type=renderer", StringComparison.Ordinal)
        select double.Parse(
            File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture) / 1024;
}

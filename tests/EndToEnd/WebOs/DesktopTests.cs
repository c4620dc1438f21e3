using Microsoft.Playwright;
using VSan.Contracts.Api;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace VSan.Tests.EndToEnd.WebOs;

/// <summary>The desktop in Chromium, over a real pool (design 4.4).</summary>
[Collection(WebOsCollection.Name)]
public sealed class DesktopTests(Chromium chromium)
{
    [Fact]
    public async Task SignIn_TheDesktopShowsThePool()
    {
        await using WebPerson person = await chromium.SignInAsync();
        await Expect(person.Page.Locator("#glance")).ToContainTextAsync("Healthy");
        Assert.Equal(await person.Page.Locator("#icons a").CountAsync(), await person.Page.Locator("#start-menu a").CountAsync());
        person.AssertQuiet();
    }

    [Fact]
    public async Task TitleBar_Dragged_TheWindowMovesByThePointersWay()
    {
        await using WebPerson person = await chromium.SignInAsync();
        ILocator title = (await person.OpenAsync("Volumes")).Locator(".title");
        LocatorBoundingBoxResult before = (await title.BoundingBoxAsync())!;
        await DragAsync(person.Page, before.X + 20, before.Y + 10, 130, 70);
        LocatorBoundingBoxResult after = (await title.BoundingBoxAsync())!;
        Assert.Equal((130f, 70f), (after.X - before.X, after.Y - before.Y));
    }

    [Fact]
    public async Task Corner_Dragged_TheOppositeOneStays()
    {
        await using WebPerson person = await chromium.SignInAsync();
        ILocator window = await person.OpenAsync("Volumes");
        LocatorBoundingBoxResult before = (await window.BoundingBoxAsync())!;
        await DragAsync(person.Page, before.X + 3, before.Y + 3, 40, 30);
        LocatorBoundingBoxResult after = (await window.BoundingBoxAsync())!;
        Assert.Equal((before.X + 40, before.Y + 30), (after.X, after.Y));
        Assert.Equal((before.X + before.Width, before.Y + before.Height), (after.X + after.Width, after.Y + after.Height));
    }

    [Fact]
    public async Task TitleBar_DraggedToTheLeftEdge_SnapsToTheHalf()
    {
        await using WebPerson person = await chromium.SignInAsync();
        ILocator window = await person.OpenAsync("Units");
        LocatorBoundingBoxResult before = (await window.Locator(".title").BoundingBoxAsync())!;
        await DragAsync(person.Page, before.X + 20, before.Y + 10, -(before.X + 18), 40);
        LocatorBoundingBoxResult after = (await window.BoundingBoxAsync())!;
        Assert.Equal((0f, 0f, 683f), (after.X, after.Y, after.Width));
    }

    [Fact]
    public async Task Desktop_LeftAsItIs_IsTheSameInAnotherBrowser()
    {
        UserPassword user = await chromium.NewUserAsync(Role.Viewer);
        await using WebPerson first = await chromium.SignInAsync(user);
        await first.OpenAsync("Units");
        LocatorBoundingBoxResult place = (await first.Front.BoundingBoxAsync())!;
        await first.Page.RunAndWaitForResponseAsync(
            () => first.Page.Locator("#theme").ClickAsync(), response => response.Request.Method == "PUT" && response.Url.EndsWith("/desktop", StringComparison.Ordinal));
        await using WebPerson second = await chromium.SignInAsync(user);
        ILocator window = second.Page.GetByRole(AriaRole.Dialog, new() { Name = "Units", Exact = true });
        await Expect(window).ToBeVisibleAsync();
        LocatorBoundingBoxResult there = (await window.BoundingBoxAsync())!;
        Assert.Equal((place.X, place.Y, place.Width, place.Height), (there.X, there.Y, there.Width, there.Height));
        Assert.Equal("dark", await second.Page.Locator("html").GetAttributeAsync("data-theme"));
    }

    [Theory]
    [InlineData("n", 0, -20, 0, 20)]
    [InlineData("e", 30, 0, 30, 0)]
    [InlineData("s", 0, 25, 0, 25)]
    [InlineData("w", -15, 0, 15, 0)]
    [InlineData("ne", 30, -20, 30, 20)]
    [InlineData("se", 30, 25, 30, 25)]
    [InlineData("sw", -15, 25, 15, 25)]
    [InlineData("nw", -15, -20, 15, 20)]
    public async Task Edge_Dragged_TheWindowGrowsByThePointersWay(string edge, int dx, int dy, int wider, int higher)
    {
        await using WebPerson person = await chromium.SignInAsync();
        ILocator window = await person.OpenAsync("Volumes");
        LocatorBoundingBoxResult before = (await window.BoundingBoxAsync())!;
        LocatorBoundingBoxResult grip = (await window.Locator($"[data-edge={edge}]").BoundingBoxAsync())!;
        await DragAsync(person.Page, grip.X + (grip.Width / 2), grip.Y + (grip.Height / 2), dx, dy);
        LocatorBoundingBoxResult after = (await window.BoundingBoxAsync())!;
        Assert.Equal((before.Width + wider, before.Height + higher), (after.Width, after.Height));
    }

    [Fact]
    public async Task Window_MaximisedMinimisedAndBack_HasItsPlaceAgain()
    {
        await using WebPerson person = await chromium.SignInAsync();
        ILocator window = await person.OpenAsync("Units");
        LocatorBoundingBoxResult before = (await window.BoundingBoxAsync())!;
        ILocator maximise = window.GetByRole(AriaRole.Button, new() { Name = "Maximise" });
        await maximise.ClickAsync();
        Assert.Equal(1366, (await window.BoundingBoxAsync())!.Width);
        await maximise.ClickAsync();
        await window.GetByRole(AriaRole.Button, new() { Name = "Minimise" }).ClickAsync();
        await Expect(window).ToBeHiddenAsync();
        await person.Page.Locator("#open-windows").GetByRole(AriaRole.Button, new() { Name = "Units" }).ClickAsync();
        LocatorBoundingBoxResult after = (await window.BoundingBoxAsync())!;
        Assert.Equal((before.X, before.Y, before.Width, before.Height), (after.X, after.Y, after.Width, after.Height));
    }

    [Fact]
    public async Task Volumes_TwoOpened_AreTwoWindows()
    {
        Host host = await chromium.Pool.AddHostAsync("of-two");
        await chromium.Pool.CreateVolumeAsync("window-one", host);
        await chromium.Pool.CreateVolumeAsync("window-two", host);
        await using WebPerson person = await chromium.SignInAsync();
        ILocator list = await person.OpenAsync("Volumes");
        foreach (string name in (string[])["window-one", "window-two", "window-one"])
        {
            await list.Locator(".title").ClickAsync();
            await list.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
            await Expect(person.Front.Locator(".title")).ToHaveTextAsync(name);
        }

        await Expect(person.Page.Locator(".pane")).ToHaveCountAsync(3);
        await Expect(list.Locator(".title")).ToHaveTextAsync("Volumes");
    }

    [Fact]
    public async Task Task_OfOnesOwn_IsToldWhenItEnds()
    {
        await using WebPerson person = await chromium.SignInAsync();
        ILocator window = await person.OpenAsync("Volumes");
        ILocator form = await OpenFormAsync(window);
        await form.GetByLabel("Name", new() { Exact = true }).FillAsync("told-of");
        await form.GetByLabel("Size", new() { Exact = true }).FillAsync("1");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create volume" }).ClickAsync();
        await Expect(person.Page.Locator(".notices")).ToContainTextAsync("told-of");
        await Expect(person.Front.Locator(".title")).ToHaveTextAsync("Tasks");
        await Expect(window.Locator(".title")).ToHaveTextAsync("Volumes");
    }

    [Fact]
    public async Task Button_WithTheFocus_KeepsItWhileTheListRenews()
    {
        Host host = await chromium.Pool.AddHostAsync("of-the-list");
        await chromium.Pool.CreateVolumeAsync("focused", host);
        await using WebPerson person = await chromium.SignInAsync();
        ILocator window = await person.OpenAsync("Volumes");
        ILocator button = window.GetByRole(AriaRole.Button, new() { Name = "Move to trash focused" });
        await button.FocusAsync();
        await chromium.Pool.CreateVolumeAsync("a-newer-one", host);
        await Expect(window).ToContainTextAsync("a-newer-one");
        await Expect(button).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Tabs_EightAtOnce_AllFollow()
    {
        await using WebPerson person = await chromium.SignInAsync();
        List<IPage> tabs = [person.Page];
        while (tabs.Count < 8) tabs.Add(await person.NewTabAsync(tabs.Count % 2 == 0 ? "/" : "/app/volumes"));
        await person.OpenAsync("Volumes");
        await chromium.Pool.CreateVolumeAsync("seen-by-all", await chromium.Pool.AddHostAsync("of-tabs"));
        foreach (IPage tab in tabs.Where(tab => tab.Url.EndsWith("/app/volumes", StringComparison.Ordinal))) await Expect(tab.Locator("#view")).ToContainTextAsync("seen-by-all");
        await Expect(person.Front).ToContainTextAsync("seen-by-all");
        foreach (IPage tab in tabs.Where(tab => tab.Url.EndsWith('/'))) await Expect(tab.Locator("#glance")).ToContainTextAsync("Healthy");
        person.AssertQuiet();
    }

    [Fact]
    public async Task SignOut_InOneTab_EndsTheOthers()
    {
        await using WebPerson person = await chromium.SignInAsync();
        IPage other = await person.NewTabAsync("/app/tasks");
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(other).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/sign-in"));
    }

    [Fact]
    public async Task HostileText_IsShownAsItIs()
    {
        const string Hostile = "<img src=x onerror=alert(1)>\"'&";
        await using WebPerson person = await chromium.SignInAsync();
        person.Page.Dialog += (_, _) => Assert.Fail("It ran.");
        ILocator window = await person.OpenAsync("Posts");
        ILocator form = await OpenFormAsync(window);
        await form.GetByLabel("Text", new() { Exact = true }).FillAsync(Hostile);
        await form.Locator("button[type=submit]").ClickAsync();
        await Expect(window).ToContainTextAsync(Hostile);
        person.AssertQuiet();
    }

    [Fact]
    public async Task FirstUnit_OfAnEmptyPool_BringsItToLife()
    {
        using TestDirectory directory = TestDirectory.For(nameof(FirstUnit_OfAnEmptyPool_BringsItToLife));
        await using Harness.TestPool pool = await Harness.TestPool.StartAsync(directory, units: 0);
        await using WebPerson person = await chromium.OpenAsync(pool.Station);
        await person.SignInAsync(Harness.StationUnderTest.UserName, pool.Station.Password);
        ILocator window = await person.OpenAsync("Overview");
        await Expect(window).ToContainTextAsync("The pool has no unit yet");
        await Expect(window).ToContainTextAsync(pool.Station.CaFingerprint);
        pool.StartUnit();
        await Expect(window).ToContainTextAsync("The one unit is ready.", new() { Timeout = 30_000 });
        await Expect(person.Page.Locator("#tray")).ToContainTextAsync("Healthy");
    }

    [Fact]
    public async Task App_OpenedTwice_IsOneWindow()
    {
        await using WebPerson person = await chromium.SignInAsync();
        await person.OpenAsync("Tasks");
        await person.OpenAsync("Volumes");
        await person.OpenAsync("Tasks");
        await Expect(person.Page.GetByRole(AriaRole.Dialog, new() { Name = "Tasks", Exact = true })).ToHaveCountAsync(1);
        await Expect(person.Front.Locator(".title")).ToHaveTextAsync("Tasks");
    }

    [Fact]
    public async Task Volume_MadeByForm_AppearsAndIsOneTask()
    {
        await using WebPerson person = await chromium.SignInAsync();
        ILocator window = await person.OpenAsync("Volumes");
        ILocator form = await OpenFormAsync(window);
        await form.GetByLabel("Name", new() { Exact = true }).FillAsync("web-made");
        await form.GetByLabel("Size", new() { Exact = true }).FillAsync("1");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create volume" }).DblClickAsync();
        await Eventually.TrueAsync("the volume is there", async () => (await chromium.Pool.Api.GetAsync<VolumePage>("volumes?name=web-made")).Items.Count == 1);
        OperationPage operations = await chromium.Pool.Api.GetAsync<OperationPage>("operations");
        Assert.Single(operations.Items, operation => operation.Title.Contains("web-made", StringComparison.Ordinal));
        person.AssertQuiet();
    }

    [Fact]
    public async Task Volume_MadeBySomebodyElse_AppearsWithoutReload()
    {
        await using WebPerson person = await chromium.SignInAsync();
        ILocator window = await person.OpenAsync("Volumes");
        await chromium.Pool.CreateVolumeAsync("from-elsewhere", await chromium.Pool.AddHostAsync("elsewhere"));
        await Expect(window).ToContainTextAsync("from-elsewhere", new() { Timeout = 15_000 });
        person.AssertQuiet();
    }

    [Fact]
    public async Task Viewer_SeesNothingThatChangesThePool()
    {
        await using WebPerson person = await chromium.SignInAsync(await chromium.NewUserAsync(Role.Viewer));
        ILocator window = await person.OpenAsync("Volumes");
        await Expect(window.Locator("details.create")).ToHaveCountAsync(0);
        await Expect(window.GetByRole(AriaRole.Button, new() { Name = "Move to trash" })).ToHaveCountAsync(0);
        Assert.Equal(403, await person.Page.EvaluateAsync<int>("fetch('/app/volumes', { method: 'POST', body: new URLSearchParams({ name: 'forbidden', size: '1', 'size-unit': 'MiB', block: '512', project: 'default', key: crypto.randomUUID() }) }).then(answer => answer.status)"));
        Assert.Equal("forbidden", (await chromium.Pool.Api.GetAsync<AuditPage>("audit?action=volume.create&limit=1")).Items.Single().Outcome);
    }

    [Fact]
    public async Task Keyboard_Alone_OpensMovesAndCloses()
    {
        await using WebPerson person = await chromium.SignInAsync();
        await person.Page.Keyboard.PressAsync("Control+k");
        await Expect(person.Page.Locator("#palette [aria-selected=true]")).ToBeVisibleAsync();
        await person.Page.Keyboard.TypeAsync("task");
        await Expect(person.Page.Locator("#palette [role=option]")).ToHaveCountAsync(1);
        await person.Page.Keyboard.PressAsync("Enter");
        await Expect(person.Front.Locator(".title")).ToHaveTextAsync("Tasks");
        await Expect(person.Front.Locator(".title")).ToBeFocusedAsync();
        LocatorBoundingBoxResult before = (await person.Front.BoundingBoxAsync())!;
        await person.Page.Keyboard.PressAsync("ArrowRight");
        Assert.Equal(before.X + 16, (await person.Front.BoundingBoxAsync())!.X);
        await person.Page.Keyboard.PressAsync("F6");
        await Expect(person.Page.Locator("#start")).ToBeFocusedAsync();
        await person.Page.Keyboard.PressAsync("Enter");
        await Expect(person.Page.Locator("#start-menu a").First).ToBeFocusedAsync();
        await person.Page.Keyboard.PressAsync("Escape");
        await Expect(person.Page.Locator("#start")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task NoScripts_TheIconsAreLinksToPages()
    {
        await using WebPerson person = await chromium.SignInAsync(scripts: false);
        await person.Page.Locator("#icons").GetByRole(AriaRole.Link, new() { Name = "Volumes", Exact = true }).ClickAsync();
        await Expect(person.Page.Locator("h1")).ToHaveTextAsync("Volumes");
    }

    [Fact]
    public async Task Phone_OneViewAtATime()
    {
        await using WebPerson person = await chromium.SignInAsync(width: 390, height: 844);
        await person.Page.Locator("#icons").GetByRole(AriaRole.Link, new() { Name = "Tasks", Exact = true }).ClickAsync();
        await Expect(person.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/app/tasks$"));
        Assert.Equal(390, await person.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task Phone_ATaskIsCancelled_ByTargetsForAFinger()
    {
        await chromium.Pool.CreateVolumeAsync("held", await chromium.Pool.AddHostAsync("of-the-held"), on: chromium.Pool.Units[1]);
        Unit unit = await chromium.Pool.FindUnitAsync(chromium.Pool.Units[1].Name);
        Operation drain = (await chromium.Pool.Api.SendAsync(HttpMethod.Post, $"/api/v1/units/{unit.Id}:drain")).As<Operation>();
        await using WebPerson person = await chromium.SignInAsync(width: 390, height: 844);
        await person.Page.GotoAsync("/app/tasks");
        ILocator task = person.Page.Locator($"#task-{drain.Id}");
        ILocator cancel = task.GetByRole(AriaRole.Button, new() { Name = "Cancel" });
        foreach (ILocator target in (ILocator[])[cancel, person.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }), person.Page.Locator(".dock a").First])
            Assert.True((await target.BoundingBoxAsync())!.Height >= 40, $"{target} is large enough for a finger");
        await cancel.ClickAsync();
        // Legs that are on their way already arrive first.
        await Expect(task).ToContainTextAsync("Cancelled", new() { Timeout = 60_000 });
        await chromium.Pool.AllReadyAsync();
    }

    [Fact]
    public async Task Phone_AVolumeIsMade_AndLeadsToItsTask()
    {
        await using WebPerson person = await chromium.SignInAsync(width: 390, height: 844);
        await person.Page.GotoAsync("/app/volumes");
        ILocator form = await OpenFormAsync(person.Page.Locator("#view"));
        await form.GetByLabel("Name", new() { Exact = true }).FillAsync("by-phone");
        await form.GetByLabel("Size", new() { Exact = true }).FillAsync("1");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create volume" }).ClickAsync();
        await Expect(person.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/app/tasks"));
        await Expect(person.Page.Locator("#view")).ToContainTextAsync("by-phone");
        person.AssertQuiet();
    }

    [Fact]
    public async Task Zoom_TwoHundredPerCent_NothingIsCutOff()
    {
        await using WebPerson person = await chromium.SignInAsync(width: 683, height: 410);
        foreach (string app in (string[])["overview", "volumes", "units", "tasks", "settings"])
        {
            await person.Page.GotoAsync($"/app/{app}");
            Assert.Equal(683, await person.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }
    }

    [Fact]
    public async Task SignOut_EndsTheSessionOnTheServer()
    {
        await using WebPerson person = await chromium.SignInAsync();
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(person.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/sign-in"));
        await person.Page.GotoAsync("/app/volumes");
        await Expect(person.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/sign-in"));
    }

    private static async Task<ILocator> OpenFormAsync(ILocator window)
    {
        ILocator details = window.Locator("details.create");
        if (await details.GetAttributeAsync("open") is null) await details.Locator("summary").ClickAsync();
        return details;
    }

    private static async Task DragAsync(IPage page, float x, float y, float dx, float dy)
    {
        await page.Mouse.MoveAsync(x, y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(x + dx, y + dy, new() { Steps = 8 });
        await page.Mouse.UpAsync();
    }
}

using Microsoft.AspNetCore.Http;
using VSan.Station.Execution;

namespace VSan.WebOs.Shell;

/// <summary>Which part of a list an address asks for.</summary>
internal static class ListRequest
{
    /// <summary>Reads <c>?name=</c> and <c>?cursor=</c>; an empty field of the filter form is no filter.</summary>
    public static ListQuery Read(HttpRequest request)
    {
        string name = request.Query["name"].ToString().Trim();
        string cursor = request.Query["cursor"].ToString();
        return new ListQuery(Cursor: cursor.Length == 0 ? null : cursor, Name: name.Length == 0 ? null : name);
    }

    /// <summary>The id in the address; whatever is none belongs to no object.</summary>
    public static Guid Id(HttpContext context) =>
        Guid.TryParse(context.Request.RouteValues["id"] as string, out Guid id)
            ? id
            : throw new ProblemException("not-found", "The address names no object.", "Go back to the list and choose again.");
}

using System.Text;
using Kith.Protocol;

namespace Kith.Server.Configuration;

/// <summary>docs/errors.md, made from the table of error codes.</summary>
public static class ErrorReference
{
    const string Head = """
        # Errors

        <!-- Made by "kith config errors"; a test keeps it so. Change the table beside ErrorCode. -->

        A refused request is answered with `{code, message, errors?}`, Discord's format and, where one fits, Discord's number; Kith's own numbers start at 900000. Of a wrong form (50035),
        `errors` is a tree of the fields whose leaves are `_errors: [{code, message}]`. What one may not see is answered as what does not exist. After 429 and 503 the same request may be sent
        again, after `retry_after` seconds where it is given; nothing else gets better by repetition.

        | code | status | message |
        |---|---|---|

        """;

    public static string Write()
    {
        var text = new StringBuilder(Head);
        foreach (var error in ErrorText.Table.Values.OrderBy(e => e.Number).ThenBy(e => e.Status))
            text.Append("| ").Append(error.Number).Append(" | ").Append(error.Status).Append(" | ").Append(error.Message).Append(" |\n");
        return text.ToString();
    }
}
